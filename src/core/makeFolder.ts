import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it, where they are not there. Node's own way to do that never ends below a folder such
 * as /proc, in which nothing can be made and which says that there is no such folder.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") {
      return;
    }
    const parent = dirname(path);
    if (code !== "ENOENT" || parent === path) {
      throw error;
    }
    await makeFolder(parent);
    await makeLast(path);
  }
}

/** Somebody else may have made it meanwhile. */
async function makeLast(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw error;
    }
  }
}
