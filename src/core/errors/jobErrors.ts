import { ExpectedError } from "./ExpectedError";

/** There is no failed run to give up, or which one is meant is not said. */
export class NoFailedRunError extends ExpectedError {
  readonly code = "no-failed-run";

  constructor(
    readonly task: string | undefined,
    /** Tasks whose last run on this engine has failed. */
    readonly failed: readonly string[],
  ) {
    const known = `Failed runs are kept of: ${failed.join(", ")}.`;
    super(
      failed.length === 0
        ? "No failed run is kept on this engine: there is nothing to discard."
        : task === undefined
          ? `Which failed run? ${known} Choose one with --task.`
          : `No failed run of ${task} is kept on this engine. ${known}`,
    );
  }
}

/** Containers that were to go, and stay. */
export class ContainerRemovalError extends ExpectedError {
  readonly code = "container-removal";

  constructor(
    /** What stays, and how it is removed by hand, one sentence or more for each. */
    readonly failures: readonly string[],
  ) {
    super(failures.join("\n"));
  }
}
