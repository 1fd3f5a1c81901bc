import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import type { Sample } from "./BenchCase";
import { watchGrowth } from "./memory";

const RESOLUTION_MS = 1;
const SETTLE_MS = 20;

/** Does something in this process, and looks how long it takes, how long the event loop stands still and how much memory it takes. */
export async function measure(action: () => Promise<unknown>): Promise<Sample> {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  // What was before, such as a garbage collection of another round, does not count.
  await setTimeout(SETTLE_MS);
  delays.reset();
  const growth = watchGrowth();
  const started = performance.now();
  await action();
  const ms = performance.now() - started;
  const growthMb = growth();
  await setTimeout(SETTLE_MS);
  delays.disable();
  return {
    ms,
    blockedMs: Math.max(0, delays.max / 1e6 - RESOLUTION_MS),
    ...(growthMb === undefined ? {} : { growthMb }),
  };
}
