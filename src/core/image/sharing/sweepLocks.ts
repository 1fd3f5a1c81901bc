import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ownerState } from "../../owner";
import { readChain } from "./LockChain";

/** Whoever waits for a dead holder's lock takes it over long before, in milliseconds. */
const FORGOTTEN_MS = 24 * 3_600_000;

/**
 * Removes what killed processes have left: locks of things that nobody has asked for again for a day, since that image is
 * not built any more. Never rejects.
 *
 * @param folder of the locks.
 */
export async function sweepLocks(folder: string, stateOf: typeof ownerState, now = Date.now()): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.endsWith(".lock"))) {
    const chain = await readChain(join(folder, name)).catch(() => []);
    const last = chain.at(-1);
    const isForgotten = last !== undefined && now - last.modifiedMs > FORGOTTEN_MS;
    if (isForgotten && (last.owner === undefined || stateOf(last.owner) !== "alive")) {
      // The lock's own file first: whoever is about to take over from one of the dead sees that the lock has gone.
      for (const { path } of chain) {
        await rm(path, { force: true }).catch(() => undefined);
      }
    }
  }
}
