import { stat } from "node:fs/promises";
import type { BuildSecretSource } from "../config/WorkspaceConfiguration";
import { BuildSecretError } from "../errors/configurationErrors";
import { messageOf } from "../errors/ExpectedError";
import { readRegularFile } from "../readRegularFile";
import type { Secret } from "../redact/Redactor";
import { secretTexts } from "./secretTexts";

/** BuildKit takes no larger ones (MaxSecretSize in session/secrets of moby/buildkit). */
const MOST_SECRET_BYTES = 500 * 1024;

export interface ReadSecretsOptions {
  /** The environment in which variables are looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface BuildSecrets {
  /** What each ID stands for. */
  readonly values: ReadonlyMap<string, Uint8Array>;
  /** What nobody may see of them, for a Redactor. */
  readonly texts: readonly Secret[];
}

/**
 * The values of a build's secrets, as they are now: to be called when a build begins, so that nothing holds them any
 * longer. A variable that is set but empty is an empty secret. Rejects with BuildSecretError, which names the ID and has
 * nothing of a value in it.
 */
export async function readBuildSecrets(
  sources: readonly BuildSecretSource[],
  options: ReadSecretsOptions,
): Promise<BuildSecrets> {
  const values = new Map<string, Uint8Array>();
  for (const source of sources) {
    const value = source.kind === "env" ? readVariable(source, options) : await readFile(source);
    if (value.length > MOST_SECRET_BYTES) {
      throw tooLarge(source);
    }
    values.set(source.id, value);
  }
  return { values, texts: [...values.values()].flatMap(secretTexts) };
}

function readVariable(source: BuildSecretSource & { readonly kind: "env" }, { env }: ReadSecretsOptions): Uint8Array {
  // An environment is an object, which has more names than its variables.
  const value = Object.hasOwn(env, source.variable) ? env[source.variable] : undefined;
  if (value === undefined) {
    throw new BuildSecretError(
      source.id,
      `the variable ${source.variable} is not set. Set it where slipway or VS Code is started (VS Code must be started ` +
        `anew for that), or name another variable or a file`,
    );
  }
  return Buffer.from(value, "utf8");
}

async function readFile(source: BuildSecretSource & { readonly kind: "file" }): Promise<Uint8Array> {
  const { id, path } = source;
  try {
    if ((await stat(path)).size > MOST_SECRET_BYTES) {
      throw tooLarge(source);
    }
    return await readRegularFile(path);
  } catch (error) {
    if (error instanceof BuildSecretError) {
      throw error;
    }
    const code = (error as NodeJS.ErrnoException).code;
    const problem =
      code === "ENOENT" || code === "ENOTDIR"
        ? `there is no file ${path}. Make it, or name another one`
        : `${path} cannot be read (${messageOf(error)}). Mend that, or name another file`;
    throw new BuildSecretError(id, problem, { cause: error });
  }
}

function tooLarge(source: BuildSecretSource): BuildSecretError {
  const where = source.kind === "env" ? `the variable ${source.variable}` : source.path;
  const most = String(MOST_SECRET_BYTES / 1024);
  return new BuildSecretError(source.id, `${where} is larger than ${most} KB, which is the most that builders take`);
}
