/**
 * A failure that is part of normal life. Its message says what happened and what to do next, and is shown as it is.
 * Anything that is neither one of these nor an AbortError is a bug: logged and reported.
 */
export abstract class ExpectedError extends Error {
  /** Stable, for tests and for programs that read the CLI's JSON. */
  abstract readonly code: string;

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** True for what an aborted AbortSignal throws: cancellation is not a failure and is never shown as one. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** For people and logs; also for what was thrown without being an Error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Why there is no engine at a place, or no way to it. */
export type EngineProblem =
  | "not-found"
  | "no-permission"
  | "no-answer"
  | "not-an-engine"
  | "too-old"
  | "bad-address"
  | "unknown-context"
  | "unknown-host"
  | "bad-certificate"
  | "login-refused"
  | "no-program";

/** One place where an engine was looked for, and why there was none. */
export interface EngineAttempt {
  readonly address: string;
  readonly source: string;
  readonly problem: EngineProblem;
  readonly detail: string;
  /** Nobody has named this place: it is one where engines listen by default. */
  readonly isDefault?: boolean;
}

/** What to do about it: at most one thing, which a button can stand for. */
export interface EngineRemedy {
  readonly action: "start" | "install" | "choose" | "permission" | "login" | "certificate" | "upgrade";
  /** Sentences that say what to do. */
  readonly advice: string;
}

export class EngineUnavailableError extends ExpectedError {
  readonly code = "engine-unavailable";

  constructor(
    readonly attempts: readonly EngineAttempt[],
    readonly remedy: EngineRemedy,
  ) {
    // Where nothing was found there is nothing to say of each place but that it was looked at.
    const isQuiet = ({ isDefault, problem }: EngineAttempt): boolean => isDefault === true && problem === "not-found";
    const told = attempts.filter((attempt) => !isQuiet(attempt));
    const lines = told.map(({ address, source, detail }) => `\n  ${address} (${source}): ${detail}`);
    const quiet = attempts.length - told.length;
    if (quiet > 0) {
      const places = quiet === 1 ? "1 place" : `${String(quiet)} places`;
      lines.push(`\n  ${places} where engines listen by default: no engine`);
    }
    super(`${remedy.advice} Tried:${lines.join("")}`);
  }

  get action(): EngineRemedy["action"] {
    return this.remedy.action;
  }
}

export class EngineLostError extends ExpectedError {
  readonly code = "engine-lost";
  /** Set where starting the engine again would not help. */
  readonly problem: EngineProblem | undefined;

  constructor(
    readonly address: string,
    readonly during: string,
    options?: {
      readonly cause?: unknown;
      readonly reason?: { readonly problem: EngineProblem; readonly detail: string } | undefined;
    },
  ) {
    const reason = options?.reason;
    super(
      reason === undefined
        ? `The container engine at ${address} went away (${during}). Start it again, then run this again.`
        : `There is no way to the container engine at ${address} (${during}): ${reason.detail}.`,
      options,
    );
    this.problem = reason?.problem;
  }
}

export class EngineTimeoutError extends ExpectedError {
  readonly code = "engine-timeout";

  constructor(
    readonly address: string,
    readonly during: string,
    readonly deadlineMs: number,
  ) {
    super(
      `The container engine at ${address} did not answer within ${String(deadlineMs / 1000)} s (${during}). ` +
        "It may be hung or overloaded: restart it, then run this again.",
    );
  }
}

export class EngineRequestError extends ExpectedError {
  readonly code = "engine-request";

  constructor(
    /** HTTP status. */
    readonly status: number,
    readonly during: string,
    readonly detail: string,
  ) {
    super(`The container engine refused (${during}): ${detail.trim()}. Its own log may say more.`);
  }
}

/** The disk on which the engine keeps images and containers is full. */
export class NoSpaceError extends ExpectedError {
  readonly code = "no-space";

  constructor(
    /** The engine's address. */
    readonly address: string,
    readonly during: string,
    readonly detail: string,
  ) {
    super(
      `The container engine at ${address} has no space left (${during}): ${detail.trim()}. Remove what is not used any more ` +
        '("docker system prune" or "podman system prune"), or give the engine more space, then try again.',
    );
  }
}

/** The engine's API is older than the oldest one that Slipway knows how to talk to. */
export class EngineTooOldError extends ExpectedError {
  readonly code = "engine-too-old";

  constructor(
    readonly address: string,
    /** Of its API: "1.39". */
    readonly apiVersion: string,
    readonly oldest: string,
  ) {
    super(
      `The container engine at ${address} speaks version ${apiVersion} of the Docker Engine API; Slipway needs ${oldest} or ` +
        "later. Update it (Docker 20.10 and Podman 4.3 are new enough), or choose another engine.",
    );
  }
}

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

/** A registry wants a login, or another one. */
export class RegistryAuthError extends ExpectedError {
  readonly code = "registry-auth";

  constructor(
    readonly reference: string,
    /** Its host, as it stands before the name of an image. */
    readonly registry: string,
    readonly detail: string,
    /** Where the Dockerfile asks for it. */
    readonly location?: { readonly dockerfile: string; readonly line: number },
  ) {
    const where = location === undefined ? "" : ` (${location.dockerfile}:${String(location.line)})`;
    super(
      `The registry ${registry} refuses ${reference}${where}: ${detail.trim()}. Log in there ("docker login ${registry}" or ` +
        `"podman login ${registry}"), then try again.`,
    );
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

export class ImageNotFoundError extends ExpectedError {
  readonly code = "image-not-found";

  constructor(
    readonly reference: string,
    readonly detail: string,
    /** Where the Dockerfile asks for it. */
    readonly location?: { readonly dockerfile: string; readonly line: number },
  ) {
    const where = location === undefined ? "" : ` (${location.dockerfile}:${String(location.line)})`;
    super(
      `There is no image ${reference}${where}: ${detail.trim()}. Check the name, that the registry can be reached, and that you ` +
        `are logged in where it needs a login.`,
    );
  }
}

/** Whether a registry has the image could not be found out. */
export class ImagePullError extends ExpectedError {
  readonly code = "image-pull";

  constructor(
    readonly reference: string,
    readonly detail: string,
    options?: {
      /** Where the Dockerfile asks for it. */
      readonly location?: { readonly dockerfile: string; readonly line: number } | undefined;
      readonly cause?: unknown;
    },
  ) {
    const { location } = options ?? {};
    const where = location === undefined ? "" : ` (${location.dockerfile}:${String(location.line)})`;
    super(
      `The image ${reference}${where} is not here and could not be pulled: ${detail.trim().replace(/\.$/, "")}. Check the name, ` +
        "and that the engine reaches the registry (it has proxies and certificates of its own), then try again.",
      options,
    );
  }
}

export class ImageBuildError extends ExpectedError {
  readonly code = "image-build";

  constructor(
    readonly failure: {
      /** The step as the builder names it; undefined when it failed before or between the steps. */
      readonly step: string | undefined;
      readonly exitCode: number | undefined;
      /** The last lines that the step wrote. */
      readonly output: string;
      /** The builder's own words. */
      readonly detail: string;
      readonly dockerfile?: string | undefined;
      /** Of the failed instruction in the Dockerfile, from 1. */
      readonly line?: number | undefined;
    },
  ) {
    const { step, exitCode, output, detail, dockerfile, line } = failure;
    const where = dockerfile === undefined || line === undefined ? "" : ` (${dockerfile}:${String(line)})`;
    const code = exitCode === undefined ? "" : ` with exit code ${String(exitCode)}`;
    const what =
      step === undefined ? `The image build failed${where}` : `The build step "${step}" failed${code}${where}`;
    const tail = output.trim() === "" ? "" : `\nIts last output:\n${output.trimEnd()}`;
    // Without a step or a line it may as well be the engine's or the network's fault.
    const advice = step === undefined && line === undefined ? "" : " Mend the Dockerfile, then build again.";
    super(`${what}: ${detail.trim().replace(/\.$/, "")}.${advice}${tail}`);
  }
}

export type DockerfileProblem = "missing" | "empty" | "folder" | "unreadable" | "syntax" | "unknown-target";

export class DockerfileError extends ExpectedError {
  readonly code = "dockerfile";

  constructor(
    readonly problem: DockerfileProblem,
    readonly path: string,
    detail: string,
    readonly line?: number,
    options?: { readonly cause?: unknown },
  ) {
    super(`${path}${line === undefined ? "" : `:${String(line)}`}: ${detail}`, options);
  }
}

export class AmbiguousDockerfileError extends ExpectedError {
  readonly code = "ambiguous-dockerfile";

  constructor(readonly candidates: readonly string[]) {
    super(
      `There are several Dockerfiles here: ${candidates.join(", ")}. Choose one (in VS Code with Choose Dockerfile…, on ` +
        `the command line with --file), or in slipway.json: ` +
        `{ "build": { "dockerfile": ${JSON.stringify(candidates[0] ?? "Dockerfile")} } }.`,
    );
  }
}

export class BuildContextError extends ExpectedError {
  readonly code = "build-context";

  constructor(
    readonly path: string,
    detail: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`${path}: ${detail}`, options);
  }
}

/** Something was not the same any more when it was read again. Builders start over; it ends a build only if it goes on. */
export class ContextChangedError extends ExpectedError {
  readonly code = "context-changed";

  constructor(
    /** Path of a file, or another thing that was read. */
    readonly path: string,
    advice = ", or ignore it in .dockerignore",
  ) {
    super(`${path} changed while it was being used. Run this again once nothing changes it${advice}.`);
  }
}

export interface ConfigurationProblem {
  readonly path: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export class InvalidConfigurationError extends ExpectedError {
  readonly code = "invalid-configuration";

  constructor(readonly problems: readonly ConfigurationProblem[]) {
    const lines = problems.map(
      ({ path, line, column, message }) => `${path}:${String(line)}:${String(column)}: ${message}`,
    );
    super(lines.join("\n"));
  }
}

export class UnknownTaskError extends ExpectedError {
  readonly code = "unknown-task";

  constructor(
    readonly task: string | undefined,
    readonly available: readonly string[],
  ) {
    const known = available.length === 0 ? "slipway.json has no tasks" : `the tasks are: ${available.join(", ")}`;
    super(
      task === undefined
        ? `Which task? Choose one with --task; ${known}.`
        : `There is no task "${task}"; ${known}. Choose one of them, or add it under "tasks" in slipway.json.`,
    );
  }
}

export class WorkspaceError extends ExpectedError {
  readonly code = "workspace";
}

/** A file with certificates to trust is not there, or is none. */
export class CertificateError extends ExpectedError {
  readonly code = "certificate";

  constructor(
    readonly path: string,
    detail: string,
    options?: { readonly cause?: unknown },
  ) {
    super(
      `${path}: ${detail} Correct the setting slipway.extraCaCertificates, --extra-ca or SLIPWAY_EXTRA_CA.`,
      options,
    );
  }
}
