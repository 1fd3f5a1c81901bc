import { join } from "node:path";
import { IgnoreMatcher } from "../dockerignore/IgnoreMatcher";
import { InvalidPatternError } from "../dockerignore/InvalidPatternError";
import { parseDockerignore } from "../dockerignore/parseDockerignore";
import { messageOf } from "../errors/ExpectedError";
import { BuildContextError } from "../errors/imageErrors";
import { readRegularFile } from "../readRegularFile";
import type { EngineKind } from "../ports/EngineInfo";

export interface IgnoreFileOptions {
  /** Absolute paths. */
  readonly dockerfile: string;
  readonly context: string;
  /** The engine that builds; undefined counts as Docker. */
  readonly kind: EngineKind | undefined;
}

/**
 * The patterns of what the context leaves out. `<Dockerfile>.dockerignore` beside the Dockerfile comes before the context's own
 * .dockerignore (BuildKit, frontend/dockerui). Podman looks for files named .containerignore before (buildah,
 * pkg/parse ContainerIgnoreFile).
 */
export async function readIgnoreFile(options: IgnoreFileOptions): Promise<readonly string[]> {
  for (const path of ignoreFileCandidates(options)) {
    const text = await readIfThere(path);
    if (text !== undefined) {
      try {
        const patterns = parseDockerignore(text);
        // Says whether they are valid.
        new IgnoreMatcher(patterns);
        return patterns;
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
  return [];
}

/** Where it is looked for; the first that is there counts. */
export function ignoreFileCandidates({ dockerfile, context, kind }: IgnoreFileOptions): readonly string[] {
  const names = kind === "podman" ? [".containerignore", ".dockerignore"] : [".dockerignore"];
  return [...names.map((name) => `${dockerfile}${name}`), ...names.map((name) => join(context, name))];
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return (await readRegularFile(path)).toString("utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw new BuildContextError(path, `cannot be read (${messageOf(error)}).`, { cause: error });
  }
}
