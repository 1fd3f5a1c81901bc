import { z } from "zod";
import { messageOf } from "../../core/errors/ExpectedError";
import { readRegularFile } from "../../core/readRegularFile";
import type { LoginSource } from "./loginSources";

const variableShape = z.object({ auths: z.record(z.string(), z.unknown()).nullish() });
const shape = z.object({
  /** Entries are looked at one by one, when they are needed: a mistake in one is none in another. */
  auths: z.record(z.string(), z.unknown()).nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
  credsStore: z.string().nullish(),
});
export type LoginFile = z.infer<typeof shape>;

/**
 * What `docker login` or `podman login` have written. Nothing of what is in it gets into a message, not even where it is
 * wrong. A variable names no helpers: docker takes nothing but logins from there.
 *
 * @returns undefined when there is none, or, after a warning, none that can be read.
 */
export async function readLogins(
  source: LoginSource,
  onWarning: (message: string) => void,
): Promise<LoginFile | undefined> {
  const name = nameOf(source);
  if (source.kind === "variable") {
    const { data } = variableShape.safeParse(parse(source.content));
    if (data === undefined) {
      onWarning(`The logins in ${name} are not used, it is damaged. Mend it, or remove it.`);
    }
    return data;
  }
  let text: string;
  try {
    text = (await readRegularFile(source.path)).toString("utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") {
      onWarning(`The logins in ${name} are not used, it cannot be read: ${messageOf(error)}`);
    }
    return undefined;
  }
  const parsed = parse(text);
  if (parsed === undefined) {
    onWarning(`The logins in ${name} are not used, it is damaged. Mend it, or log in anew.`);
  }
  return parsed;
}

/** As messages name it. */
export function nameOf(source: LoginSource): string {
  return source.kind === "file" ? source.path : `the variable ${source.name}`;
}

function parse(text: string): LoginFile | undefined {
  try {
    // Docker makes an empty file at times.
    return text.trim() === "" ? {} : shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
