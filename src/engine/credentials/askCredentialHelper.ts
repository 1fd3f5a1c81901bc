import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { z } from "zod";
import type { LoginEnvironment } from "./loginSources";
import type { RegistryLogin } from "./RegistryCredentials";
import { registryKey } from "./registryKey";

export interface HelperQuestion {
  /** The helper's name without "docker-credential-". */
  readonly name: string;
  /** What the login is stored under. */
  readonly server: string;
  readonly environment: LoginEnvironment;
  readonly signal?: AbortSignal | undefined;
}

export type HelperAnswer =
  | { readonly kind: "login"; readonly login: RegistryLogin }
  | { readonly kind: "none" }
  /** For people, without anything that the program has written: that may be a secret. */
  | { readonly kind: "failed"; readonly problem: string };

/** A keychain may have to be unlocked first, but nobody waits for ever. */
const DEADLINE_MS = 15_000;
const MOST_BYTES = 1 << 20;

const answerShape = z.object({ ServerURL: z.string().nullish(), Username: z.string(), Secret: z.string() });

/**
 * Asks one of docker's credential helpers: the program `docker-credential-NAME get` reads the server on stdin and
 * writes the login as JSON (docker/docker-credential-helpers). Rejects with `signal.reason` only.
 */
export async function askCredentialHelper(question: HelperQuestion): Promise<HelperAnswer> {
  const { name, server, signal } = question;
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name)) {
    return { kind: "failed", problem: `"${name}" cannot be the name of a credential helper` };
  }
  const program = `docker-credential-${name}`;
  const { error, stdout } = await run(program, question);
  signal?.throwIfAborted();
  if (error === undefined) {
    return (
      parse(stdout, server) ?? { kind: "failed", problem: `${program} answers in a form that Slipway does not know` }
    );
  }
  // The helpers' only way to say so.
  if (/credentials not found/i.test(stdout)) {
    return { kind: "none" };
  }
  return { kind: "failed", problem: `${program} ${reasonOf(error)}` };
}

interface Outcome {
  readonly error: { readonly code?: number | string | undefined; readonly killed: boolean } | undefined;
  readonly stdout: string;
}

async function run(program: string, { server, environment, signal }: HelperQuestion): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = {
      env: environment.env,
      // Windows looks for programs in the current folder first, which may be anybody's. This one is always there.
      cwd: dirname(process.execPath),
      timeout: DEADLINE_MS,
      killSignal: "SIGKILL",
      maxBuffer: MOST_BYTES,
      windowsHide: true,
      ...(signal === undefined ? {} : { signal }),
    } as const;
    const child = execFile(program, ["get"], options, (error, stdout) => {
      resolve({
        error: error === null ? undefined : { code: error.code ?? undefined, killed: error.killed === true },
        stdout,
      });
    });
    // A program that does not read it says how it ended all the same.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(`${server}\n`);
  });
}

function reasonOf({ code, killed }: NonNullable<Outcome["error"]>): string {
  if (code === "ENOENT") {
    return "is not installed, or not on the PATH";
  }
  if (killed) {
    return `did not answer within ${String(DEADLINE_MS / 1000)} s`;
  }
  return typeof code === "number" ? `failed with exit code ${String(code)}` : `could not be run (${code ?? "killed"})`;
}

function parse(stdout: string, server: string): HelperAnswer | undefined {
  const answer = answerShape.safeParse(jsonOf(stdout)).data;
  if (answer === undefined) {
    return undefined;
  }
  const { ServerURL: owner, Username: username, Secret: secret } = answer;
  // Some look for something similar where there is no login for this very server.
  if (owner && registryKey(owner)?.host !== registryKey(server)?.host) {
    return { kind: "none" };
  }
  if (secret === "") {
    return { kind: "none" };
  }
  return {
    kind: "login",
    login:
      username === "<token>"
        ? { kind: "identity-token", token: secret }
        : { kind: "password", username, password: secret },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
