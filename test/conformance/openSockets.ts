import { setTimeout } from "node:timers/promises";

/** Sockets that this process has open. */
export function openSockets(): number {
  return process.getActiveResourcesInfo().filter((resource) => /^(Pipe|TCPSocket)Wrap$/.test(resource)).length;
}

/** Sockets that are kept for the next call. */
const KEPT = 2;

/** Resolves once no more are open than were, but for some that are kept for the next call; rejects when that lasts. */
openSockets.settle = async (before: number): Promise<void> => {
  for (let round = 0; round < 50; round++) {
    if (openSockets() <= before + KEPT) {
      return;
    }
    await setTimeout(100);
  }
  throw new Error(`${String(openSockets())} sockets are open, ${String(before)} were.`);
};
