import { rm, utimes } from "node:fs/promises";
import { readLink, type LockLink } from "./LockLink";

/**
 * Who holds a lock, and whom it was taken over from. The first link is the lock's own file. A lock whose holder has died
 * is not removed to take it over, since two who do that at the same time would remove each other's; instead a file is
 * made that is named after the dead holder's token, which only one can make. The last link holds the lock, and removes
 * all of them, the lock's own file first.
 */
export type LockChain = readonly LockLink[];

export async function readChain(path: string): Promise<LockChain> {
  const chain: LockLink[] = [];
  const seen = new Set<string>();
  for (let place = path; ;) {
    const link = await readLink(place);
    if (link === undefined) {
      return chain;
    }
    if (seen.has(link.token)) {
      throw new Error(`${place} is a copy of another file; remove it`);
    }
    seen.add(link.token);
    chain.push(link);
    place = placeAfter(path, link.token);
  }
}

/** Where the one is named who takes the lock over from the holder of `token`. */
export function placeAfter(path: string, token: string): string {
  return `${path}.${token}`;
}

/** Whether the lock is held by `token`. */
export function isHeldBy(chain: LockChain, token: string): boolean {
  return chain.at(-1)?.token === token;
}

/** Does nothing if it was taken over meanwhile: then all of it belongs to somebody else. */
export async function removeChain(path: string, token: string): Promise<void> {
  const chain = await readChain(path);
  if (isHeldBy(chain, token)) {
    // In this order, whoever is about to take over from one of the dead sees that the lock has gone.
    for (const link of chain) {
      await rm(link.path, { force: true });
    }
  }
}

/** Shows those who cannot see the holder's process that it is there still. */
export async function refreshChain(path: string, token: string): Promise<void> {
  const last = (await readChain(path)).at(-1);
  if (last?.token === token) {
    const now = new Date();
    await utimes(last.path, now, now);
  }
}
