import { posix } from "node:path";
import { ExecError } from "../errors/containerErrors";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";

export interface RemovePathsOptions extends CallOptions {
  readonly engine: ContainerEngine;
  readonly containerId: string;
  /** In the container, absolute: what the paths are relative to. */
  readonly folder: string;
  /** The program and its flags: ["rm", "-f"]. */
  readonly command: readonly string[];
  readonly paths: readonly string[];
}

/** Of the names in one command's argv: far below what Linux lets it be. */
const MOST_BYTES = 1 << 16;
/** What a shell, and some engines, say where there is no such program. */
const NOT_RUN = new Set([126, 127]);

/**
 * Removes what is at some paths of a container that runs, as root. What cannot be removed is not an error: it may be gone,
 * or a folder that something of the container's own is in.
 *
 * @returns false where the container has no such program.
 */
export async function removePaths(options: RemovePathsOptions): Promise<boolean> {
  for (const batch of batches(options.paths.map((path) => posix.join(options.folder, path)))) {
    options.signal?.throwIfAborted();
    if (!(await removeBatch(options, batch))) {
      return false;
    }
  }
  return true;
}

async function removeBatch(
  { engine, containerId, command, signal }: RemovePathsOptions,
  paths: readonly string[],
): Promise<boolean> {
  try {
    const program = await engine.exec(
      containerId,
      {
        ...{ command: [...command, "--", ...paths], env: {}, workingDirectory: "/", user: "0" },
        ...{ tty: false, stdin: false },
      },
      { signal },
    );
    try {
      const output = program.output[Symbol.asyncIterator]();
      while ((await output.next()).done !== true) {
        // What it complains of is no error; reading lets it go on.
      }
      return !NOT_RUN.has(await program.exitCode({ signal }));
    } finally {
      program.close();
    }
  } catch (error) {
    if (error instanceof ExecError) {
      return false;
    }
    throw error;
  }
}

function* batches(paths: readonly string[]): Generator<readonly string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const path of paths) {
    const length = Buffer.byteLength(path) + 1;
    if (bytes + length > MOST_BYTES && batch.length > 0) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(path);
    bytes += length;
  }
  if (batch.length > 0) {
    yield batch;
  }
}
