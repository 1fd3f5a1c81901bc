import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** The same as makeFolder, for a thread that may wait; see there for why it is not Node's own. */
export function makeFolderSync(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") {
      return;
    }
    const parent = dirname(path);
    if (code !== "ENOENT" || parent === path) {
      throw error;
    }
    makeFolderSync(parent);
    makeLast(path);
  }
}

/** Somebody else may have made it meanwhile. */
function makeLast(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw error;
    }
  }
}
