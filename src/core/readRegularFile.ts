import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** Opening a FIFO would else wait for whoever writes into it. Windows does not know the flag. */
export const READ_AT_ONCE = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** The content of a file, or of the file that a link leads to. Rejects as node:fs does, and when it is anything else. */
export async function readRegularFile(path: string): Promise<Buffer> {
  const file = await open(path, READ_AT_ONCE);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) {
      throw new Error(stats.isDirectory() ? "it is a folder" : "it is not a regular file");
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}
