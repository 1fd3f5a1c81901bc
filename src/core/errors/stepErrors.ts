import { ExpectedError, messageOf } from "./ExpectedError";

/** The container of a step is not there any more, or does not run any more. */
export class ContainerGoneError extends ExpectedError {
  readonly code = "container-gone";

  constructor(
    readonly container: string,
    /** Name of the step. */
    readonly step: string,
    readonly how: "removed" | "stopped" | "out-of-memory",
    options?: { readonly cause?: unknown },
  ) {
    super(messageFor(container, step, how), options);
  }
}

/** A step was to be cancelled, and may run on: its engine is lost, or does not answer. */
export class StepNotStoppedError extends ExpectedError {
  readonly code = "step-not-stopped";

  constructor(
    readonly container: string,
    /** Name of the step. */
    readonly step: string,
    cause: unknown,
  ) {
    super(
      `The step ${JSON.stringify(step)} could not be stopped: ${messageOf(cause)} It may go on in the container ` +
        `${container}. When the engine answers again, stop that container, or run "docker restart ${container}" or ` +
        `"podman restart ${container}".`,
      { cause },
    );
  }
}

function messageFor(container: string, step: string, how: ContainerGoneError["how"]): string {
  const where = `while the step ${JSON.stringify(step)} ran`;
  switch (how) {
    case "removed":
      return `The container ${container} was removed ${where}. Run the task again to make a new one.`;
    case "stopped":
      return (
        `The container ${container} was stopped or killed ${where}. Run the task again; if it ends like this each time, ` +
        "look whether the machine has enough memory."
      );
    case "out-of-memory":
      return (
        `The container ${container} was killed ${where}, since it had no memory left. Give it more with run.memory in ` +
        "slipway.json, or the machine of the engine, then run the task again."
      );
  }
}
