import { ExpectedError } from "./ExpectedError";

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
  /** Where the Dockerfile asks for it. */
  readonly location: { readonly dockerfile: string; readonly line: number } | undefined;

  constructor(
    readonly reference: string,
    readonly detail: string,
    options?: {
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
    this.location = location;
  }
}

/** An image is not on the engine, and the configuration or the command line says that nothing may be pulled. */
export class PullForbiddenError extends ExpectedError {
  readonly code = "pull-forbidden";

  constructor(
    readonly reference: string,
    /** Where the Dockerfile asks for it. */
    readonly location?: { readonly dockerfile: string; readonly line: number },
  ) {
    const where = location === undefined ? "" : ` (${location.dockerfile}:${String(location.line)})`;
    super(
      `The image ${reference}${where} is not on this engine, and nothing may be pulled (the policy is "never"). Pull or load it ` +
        'yourself, or choose the policy "missing".',
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

/** A build was asked for something that this engine's builder cannot do. */
export class BuildOptionError extends ExpectedError {
  readonly code = "build-option";

  constructor(
    /** As slipway.json has it below "build", such as "ssh"; or the name of a variable of the environment. */
    readonly option: string,
    /** Who cannot do it: "Podman", "Docker's classic builder". */
    readonly builder: string,
    /** Why, and what to do: whole sentences. */
    readonly detail: string,
  ) {
    super(`${builder} cannot do what ${option} asks for. ${detail}`);
  }
}

/** What `RUN --mount=type=ssh` was to be given is not there, or cannot be used. */
export class BuildSshError extends ExpectedError {
  readonly code = "build-ssh";

  constructor(
    /** As the mount names it. */
    readonly id: string,
    /** What is wrong and what to do: whole sentences. */
    readonly detail: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`The build's SSH agent "${id}" cannot be given to it: ${detail}`, options);
  }
}

/** Images stayed that were to go. */
export class ImageRemovalError extends ExpectedError {
  readonly code = "image-removal";

  /** @param failures what the engine says of each. */
  constructor(readonly failures: readonly string[]) {
    const count = failures.length === 1 ? "An image" : `${String(failures.length)} images`;
    super(`${count} could not be removed: ${failures.join("; ")}. Look after the engine, then try again.`);
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
