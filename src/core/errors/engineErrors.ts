import { ExpectedError } from "./ExpectedError";

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

/** Whether the engine has gone, or does not answer: of what it was asked for last, nothing is known. */
export function isEngineAway(error: unknown): boolean {
  return error instanceof EngineLostError || error instanceof EngineTimeoutError;
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
