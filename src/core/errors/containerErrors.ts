import { ExpectedError } from "./ExpectedError";

export class ContainerNotFoundError extends ExpectedError {
  readonly code = "container-not-found";

  constructor(readonly container: string) {
    super(`There is no container ${container} any more. Run the task again to make a new one.`);
  }
}

export class ContainerNotRunningError extends ExpectedError {
  readonly code = "container-not-running";

  constructor(
    readonly container: string,
    options?: { readonly cause?: unknown; readonly paused?: boolean },
  ) {
    super(
      options?.paused === true
        ? `The container ${container} is paused. Unpause it ("docker unpause" or "podman unpause"), then try again.`
        : `The container ${container} does not run. Start it, then try again.`,
      options,
    );
  }
}

export class ContainerNameInUseError extends ExpectedError {
  readonly code = "container-name-in-use";

  constructor(
    readonly container: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`There is a container named ${container} already. Remove it, or take another name.`, options);
  }
}

/** A program could not be run in a container that runs. */
export class ExecError extends ExpectedError {
  readonly code = "exec";

  constructor(
    readonly command: readonly string[],
    readonly detail: string,
  ) {
    super(
      `Could not run ${JSON.stringify(command)} in the container. Check that the image has this program, the user and the ` +
        `working folder. The engine says: ${detail.trim()}`,
    );
  }
}

/** What was written to a program that takes nothing any more: it has ended, or its streams were let go of. */
export class InputClosedError extends ExpectedError {
  readonly code = "input-closed";

  constructor(readonly container: string) {
    super(`The program in the container ${container} takes no input any more: it has ended. Run it again.`);
  }
}

/** There is nothing at a path of a container, or it is not what was asked for. */
export class ContainerPathError extends ExpectedError {
  readonly code = "container-path";

  constructor(
    readonly container: string,
    readonly path: string,
    readonly detail: string,
  ) {
    super(`${path} in the container ${container}: ${detail.trim()}. Check the path.`);
  }
}

/** The engine does not see what is to be mounted. */
export class BindSourceError extends ExpectedError {
  readonly code = "bind-source";

  constructor(
    readonly source: string,
    readonly detail: string,
  ) {
    super(
      `The folder ${source} cannot be mounted: ${detail.trim()}. The engine must run on this machine and see this folder; ` +
        "choose another engine, or another folder.",
    );
  }
}

/** A mount that engines cannot be told of, or would take for another one. */
export class MountError extends ExpectedError {
  readonly code = "mount";

  constructor(
    /** What is to be mounted, or where to. */
    readonly path: string,
    readonly detail: string,
  ) {
    super(`${JSON.stringify(path)} cannot be mounted: ${detail}`);
  }
}

export class ContainerStartError extends ExpectedError {
  readonly code = "container-start";

  constructor(
    /** Undefined where it is the image's own, or not known. */
    readonly command: readonly string[] | undefined,
    readonly detail: string,
  ) {
    super(
      command === undefined
        ? `Could not start the container. The engine says: ${detail.trim()}`
        : `Could not start ${JSON.stringify(command)} in the container. Check that the image has this program, the user and ` +
            `the working folder. ` +
            `The engine says: ${detail.trim()}`,
    );
  }
}

export class PortInUseError extends ExpectedError {
  readonly code = "port-in-use";

  constructor(
    readonly hostIp: string,
    readonly port: number,
    options?: { readonly cause?: unknown },
  ) {
    super(
      `Port ${String(port)} on ${hostIp} is in use. Stop the program or container that has it, or take another host port ` +
        `in run.ports of slipway.json (a plain container port lets Slipway find a free one).`,
      options,
    );
  }
}
