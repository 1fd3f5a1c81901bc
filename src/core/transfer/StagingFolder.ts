import { mkdtemp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { currentOwner, formatOwner, ownerState, parseOwner } from "../owner";
import { readRegularFile } from "../readRegularFile";

const PREFIX = ".slipway-copy-";
const OWNER = "owner";

/** Those folders, as .dockerignore would have them. */
export const STAGING_PATTERN = `**/${PREFIX}*`;

/** Whether a name is that of a folder in which something is being unpacked. */
export function isStagingFolder(name: string): boolean {
  return name.startsWith(PREFIX);
}

/**
 * A folder for what comes out of a container until it is known to be whole, on the same file system as where it is going.
 */
export class StagingFolder {
  private constructor(private readonly folder: string) {}

  /** @param beside the folder that it is made in. Those that dead processes have left there are removed. */
  static async create(beside: string): Promise<StagingFolder> {
    await sweep(beside);
    // For this user alone.
    const staging = new StagingFolder(await mkdtemp(join(beside, PREFIX)));
    try {
      await writeFile(join(staging.folder, OWNER), formatOwner(currentOwner()), { mode: 0o600 });
      await mkdir(staging.files, { mode: 0o700 });
      return staging;
    } catch (error) {
      await staging.remove();
      throw error;
    }
  }

  get files(): string {
    return join(this.folder, "files");
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function sweep(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter(isStagingFolder)) {
    try {
      const owner = parseOwner((await readRegularFile(join(folder, name, OWNER))).toString("utf8"));
      if (owner !== undefined && ownerState(owner) === "dead") {
        await rm(join(folder, name), { recursive: true, force: true });
      }
    } catch {
      // It is being made or removed by another process, or is not ours.
    }
  }
}
