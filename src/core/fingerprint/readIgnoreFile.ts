import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { IgnoreMatcher } from "../dockerignore/IgnoreMatcher";
import { InvalidPatternError } from "../dockerignore/InvalidPatternError";
import { parseDockerignore } from "../dockerignore/parseDockerignore";
import { BuildContextError, messageOf } from "../errors";

/**
 * What the context leaves out. `<Dockerfile>.dockerignore` beside the Dockerfile comes before the context's own
 * .dockerignore (BuildKit, frontend/dockerui).
 */
export async function readIgnoreFile(dockerfile: string, context: string): Promise<IgnoreMatcher> {
  for (const path of [`${dockerfile}.dockerignore`, join(context, ".dockerignore")]) {
    const text = await readIfThere(path);
    if (text !== undefined) {
      try {
        return new IgnoreMatcher(parseDockerignore(text));
      } catch (error) {
        if (error instanceof InvalidPatternError) {
          throw new BuildContextError(path, `"${error.pattern}" is not a valid pattern. Correct or remove that line.`, {
            cause: error,
          });
        }
        throw error;
      }
    }
  }
  return new IgnoreMatcher([]);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw new BuildContextError(path, `cannot be read (${messageOf(error)}).`, { cause: error });
  }
}
