import { ExpectedError } from "./ExpectedError";

/** Several files could say what is built, and nothing says which. */
export class AmbiguousDockerfileError extends ExpectedError {
  readonly code = "ambiguous-dockerfile";

  constructor(
    /** Paths in the folder. */
    readonly candidates: readonly string[],
    kind: "Dockerfile" | "devcontainer.json" = "Dockerfile",
  ) {
    super(
      kind === "Dockerfile"
        ? `There are several Dockerfiles here: ${candidates.join(", ")}. Choose one (in VS Code with Choose Dockerfile…, ` +
            `on the command line with --file), or in slipway.json: ` +
            `{ "build": { "dockerfile": ${JSON.stringify(candidates[0] ?? "Dockerfile")} } }.`
        : `There are several dev containers here: ${candidates.join(", ")}. Choose one (in VS Code with Choose ` +
            `Dockerfile…, on the command line with --file), or write a slipway.json, which comes first.`,
    );
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

  constructor(
    readonly problems: readonly ConfigurationProblem[],
    options?: { readonly cause?: unknown },
  ) {
    const lines = problems.map(
      ({ path, line, column, message }) => `${path}:${String(line)}:${String(column)}: ${message}`,
    );
    super(lines.join("\n"), options);
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

/** The value of a build's secret is not to be had. Says nothing of a value. */
export class BuildSecretError extends ExpectedError {
  readonly code = "build-secret";

  constructor(
    /** The ID by which the Dockerfile mounts it. */
    readonly id: string,
    /** What is wrong, and what to do about it, without a full stop. */
    problem: string,
    options?: { readonly cause?: unknown },
  ) {
    super(
      `The build's secret "${id}" cannot be read: ${problem} (build.secrets in slipway.json, or --secret).`,
      options,
    );
  }
}
