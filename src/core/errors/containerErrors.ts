import { ExpectedError } from "./ExpectedError";

export class ContainerNotFoundError extends ExpectedError {
  readonly code = "container-not-found";

  constructor(readonly container: string) {
    super(`There is no container ${container} any more. Run the task again to make a new one.`);
  }
}

export class ContainerNotRunningError extends ExpectedError {
  readonly code = "container-not-running";

  /** It is there, and what runs in it stands still. */
  readonly paused: boolean;

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
    this.paused = options?.paused === true;
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

/** An option of run in slipway.json that cannot be had. */
export class RunOptionError extends ExpectedError {
  readonly code = "run-option";

  constructor(
    /** As it is written: "run.labels". */
    readonly option: string,
    detail: string,
  ) {
    super(`${option}: ${detail}`);
  }
}

/** A file with variables is not there, or has a line that is none. */
export class EnvFileError extends ExpectedError {
  readonly code = "env-file";

  constructor(
    readonly path: string,
    /** From 1; undefined where the file cannot be read at all. */
    readonly line: number | undefined,
    detail: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`${path}${line === undefined ? "" : `:${String(line)}`}: ${detail}`, options);
  }
}

/** A folder or file of this machine that may not be mounted, or is not there. */
export class MountSourceError extends ExpectedError {
  readonly code = "mount-source";

  constructor(
    readonly source: string,
    detail: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`${source} cannot be mounted: ${detail}`, options);
  }
}

/** An engine on another machine does not see the folders of this one. */
export class RemoteBindError extends ExpectedError {
  readonly code = "remote-bind";

  constructor(
    readonly source: string,
    readonly engine: string,
    /** Whether it is the workspace's own folder. */
    readonly isWorkspace: boolean,
  ) {
    super(
      `${source} cannot be mounted: the engine at ${engine} is on another machine. ` +
        (isWorkspace
          ? 'Leave run.workspace out of slipway.json or set it to "copy", which copies the files there'
          : "Take it out of run.mounts and copy it with the task's copyIn, or use a volume") +
        "; or choose an engine on this machine (in VS Code with Select Engine…, on the command line with --engine).",
    );
  }
}

/** What was asked for with run.gpus "required". */
export class GpuUnavailableError extends ExpectedError {
  readonly code = "gpu-unavailable";

  constructor(
    readonly detail: string,
    options?: { readonly cause?: unknown },
  ) {
    super(
      "The engine has no GPUs for containers. Install the NVIDIA Container Toolkit on its machine, or set run.gpus to " +
        `"optional" to run without. The engine says: ${detail.trim()}`,
      options,
    );
  }
}

/** A container that this workspace has not made: Slipway leaves it alone. */
export class ForeignContainerError extends ExpectedError {
  readonly code = "foreign-container";

  constructor(
    readonly container: string,
    /** The workspace's folder. */
    readonly workspace: string,
  ) {
    super(
      `The container ${container} is none that Slipway has made for ${workspace}, and is left alone. ` +
        '"slipway ps" lists those of this workspace; use docker or podman for others.',
    );
  }
}
