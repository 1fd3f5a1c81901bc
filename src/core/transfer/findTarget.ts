import { lstat, realpath } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { CopyOutError } from "../errors/transferErrors";
import { isInside } from "./findSource";

/** Where something that comes out of a container is to go. */
export interface CopyTarget {
  /** Without links. */
  readonly path: string;
  /** A folder that is there, on the way to it or itself: unpacking is done in there. */
  readonly beside: string;
  /** Whether it is a folder already. */
  readonly isFolder: boolean;
}

/**
 * Finds a place of the workspace. Links on the way to it are followed as long as they stay in the workspace. Rejects with
 * CopyOutError when it is not in the workspace.
 *
 * @param source what is to be copied there, for the error.
 */
export async function findTarget(workspaceFolder: string, target: string, source: string): Promise<CopyTarget> {
  const root = await realpath(workspaceFolder);
  const whole = resolve(workspaceFolder, target);
  let existing = whole;
  while (!(await isThere(existing))) {
    existing = dirname(existing);
  }
  const real = await realpath(existing).catch((error: unknown) => {
    throw new CopyOutError(source, `${existing} is a link that leads nowhere. Remove it, or choose another target.`, {
      cause: error,
    });
  });
  if (!isInside(root, real)) {
    throw new CopyOutError(
      source,
      `${target} is not in the workspace. Choose a target of copyOut in slipway.json that is.`,
    );
  }
  const missing = relative(existing, whole).split(sep).filter(Boolean);
  const isFolder = (await lstat(real)).isDirectory();
  if (missing.length > 0 && !isFolder) {
    throw new CopyOutError(source, `${existing} is no folder. Remove it, or choose another target.`);
  }
  return {
    path: join(real, ...missing),
    beside: missing.length > 0 || real === root ? real : dirname(real),
    isFolder: missing.length === 0 && isFolder,
  };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) {
      return false;
    }
    throw error;
  }
}
