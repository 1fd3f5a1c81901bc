import { z } from "zod";
import { messageOf } from "../../core/errors";
import { readRegularFile } from "../../core/readRegularFile";

const shape = z.object({
  /** Entries are looked at one by one, when they are needed: a mistake in one is none in another. */
  auths: z.record(z.string(), z.unknown()).nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
  credsStore: z.string().nullish(),
});
export type LoginFile = z.infer<typeof shape>;

/**
 * A file of `docker login` or `podman login`. Nothing of what is in it gets into a message, not even where it is wrong.
 *
 * @returns undefined when there is none, or, after a warning, none that can be read.
 */
export async function readLoginFile(
  path: string,
  onWarning: (message: string) => void,
): Promise<LoginFile | undefined> {
  let text: string;
  try {
    text = (await readRegularFile(path)).toString("utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") {
      onWarning(`The logins in ${path} are not used, it cannot be read: ${messageOf(error)}`);
    }
    return undefined;
  }
  const parsed = parse(text);
  if (parsed === undefined) {
    onWarning(`The logins in ${path} are not used, it is damaged. Mend it, or log in anew.`);
  }
  return parsed;
}

function parse(text: string): LoginFile | undefined {
  try {
    // Docker makes an empty file at times.
    return text.trim() === "" ? {} : shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
