import { setTimeout } from "node:timers/promises";
import type { ContainerStats } from "../../src/core/ports/ContainerTypes";
import { abortable } from "./abortable";
import type { FakeContainer } from "./FakeContainer";

/** Seldom enough to be told from a flood, often enough not to be waited for. */
const EVERY_MS = 20;

export async function* sampleFakeStats(
  container: FakeContainer,
  { signal, loss }: { readonly signal: AbortSignal | undefined; readonly loss: AbortSignal },
): AsyncGenerator<ContainerStats> {
  for (let sample = 0; container.running && !loss.aborted; sample++) {
    yield {
      time: Date.now(),
      cpuPercent: sample === 0 ? undefined : container.process?.burnsCpu === true ? 100 : 1,
      memoryBytes: 1_000_000,
      memoryLimitBytes: container.spec.resources?.memoryBytes ?? 8_000_000_000,
      pids: 1,
      networkReceivedBytes: 0,
      networkSentBytes: 0,
    };
    await abortable(setTimeout(EVERY_MS), signal);
  }
}
