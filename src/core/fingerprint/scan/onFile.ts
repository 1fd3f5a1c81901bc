import { messageOf } from "../../errors/ExpectedError";
import { BuildContextError, ContextChangedError } from "../../errors/imageErrors";

/** What comes of a file that was there when its folder was listed: it was removed, or something else took its place. */
const GONE = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENXIO"]);

/** Does what node:fs may fail with, and names the path of the context in the error. */
export function onFile<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (GONE.has((error as NodeJS.ErrnoException).code ?? "")) {
      throw new ContextChangedError(path);
    }
    throw new BuildContextError(
      path,
      `cannot be read (${messageOf(error)}). Make it readable, or ignore it in .dockerignore.`,
      { cause: error },
    );
  }
}
