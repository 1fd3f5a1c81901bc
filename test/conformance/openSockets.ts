import { setTimeout } from "node:timers/promises";

/** Sockets that this process has open. */
export function openSockets(): number {
  return process.getActiveResourcesInfo().filter((resource) => /^(Pipe|TCPSocket)Wrap$/.test(resource)).length;
}

/** Resolves once no more are open than were; rejects when that lasts. */
openSockets.settle = async (before: number): Promise<void> => {
  for (let round = 0; round < 50; round++) {
    if (openSockets() <= before) {
      return;
    }
    await setTimeout(100);
  }
  throw new Error(`${String(openSockets())} sockets are open, ${String(before)} were.`);
};
