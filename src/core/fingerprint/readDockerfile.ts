import { stat } from "node:fs/promises";
import type { Dockerfile } from "../dockerfile/Dockerfile";
import { parseDockerfile } from "../dockerfile/parseDockerfile";
import { DockerfileSyntaxError } from "../dockerfile/DockerfileSyntaxError";
import { messageOf } from "../errors/ExpectedError";
import { DockerfileError } from "../errors/imageErrors";
import { readRegularFile } from "../readRegularFile";

export interface ReadDockerfile {
  readonly content: Uint8Array;
  readonly syntax: Dockerfile;
}

/**
 * Reads and parses a Dockerfile. Rejects with DockerfileError when it is missing, a folder, unreadable, empty or not a
 * Dockerfile.
 *
 * @param shown its path as messages name it.
 */
export async function readDockerfile(path: string, shown: string): Promise<ReadDockerfile> {
  let content: Uint8Array;
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) {
      throw new DockerfileError("folder", shown, "this is a folder. Name the Dockerfile in it.");
    }
    content = await readRegularFile(path);
  } catch (error) {
    if (error instanceof DockerfileError) {
      throw error;
    }
    const options = { cause: error };
    throw (error as NodeJS.ErrnoException).code === "ENOENT"
      ? new DockerfileError(
          "missing",
          shown,
          `there is no such file. Create it, or set build.dockerfile in slipway.json.`,
          undefined,
          options,
        )
      : new DockerfileError("unreadable", shown, `cannot be read (${messageOf(error)}).`, undefined, options);
  }
  const text = Buffer.from(content).toString("utf8");
  if (text.trim() === "") {
    throw new DockerfileError("empty", shown, 'the file is empty. Start with a line such as "FROM node:20".');
  }
  return { content, syntax: asDockerfileError(shown, () => parseDockerfile(text)) };
}

/** Runs what may throw DockerfileSyntaxError, and names the file in it. */
export function asDockerfileError<T>(shown: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof DockerfileSyntaxError) {
      throw new DockerfileError("syntax", shown, error.message, error.line, { cause: error });
    }
    throw error;
  }
}
