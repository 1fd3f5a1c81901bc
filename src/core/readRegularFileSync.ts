import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/** Opening a FIFO would else wait for whoever writes into it. Windows does not know the flag. */
const FLAGS = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);
/** Larger than any file of settings. */
const LARGEST = 16 * 1024 * 1024;

/**
 * The text of a file of settings, or of the file that a link leads to. Throws as node:fs does, and when it is anything
 * else, or larger than 16 MiB.
 */
export function readRegularFileSync(path: string): string {
  const file = openSync(path, FLAGS);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile() || stats.size > LARGEST) {
      throw new Error(stats.isFile() ? "it is too large" : "it is not a regular file");
    }
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}
