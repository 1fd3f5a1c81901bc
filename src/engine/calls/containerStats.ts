import { EngineRequestError } from "../../core/errors/engineErrors";
import type { CallOptions } from "../../core/ports/ContainerEngine";
import type { ContainerStats } from "../../core/ports/ContainerTypes";
import type { EngineInfo } from "../../core/ports/EngineInfo";
import { parseStatsSample, type StatsSample } from "../shapes/statsSample";
import { readJsonLines } from "../stream/readJsonLines";
import { containerPath } from "./containerPath";
import type { EngineClient } from "./EngineClient";
import { inspectContainer } from "./inspectContainer";
import { pause } from "./pause";
import { requireContainer } from "./requireContainer";
import { toContainerStats } from "./toContainerStats";

const EVERY_MS = 1_000;

/** GET /containers/{id}/stats, for ContainerEngine.containerStats. */
export async function* containerStats(
  client: EngineClient,
  id: string,
  { signal }: CallOptions,
): AsyncGenerator<ContainerStats> {
  const engine = await client.ready(signal);
  if (!(await requireContainer(client, id, { signal })).running) {
    return;
  }
  let previous: StatsSample | undefined;
  for await (const value of answers(client, { engine, id, signal })) {
    const sample = parseStatsSample(value);
    if (sample === undefined) {
      return;
    }
    yield toContainerStats(sample, previous, engine);
    previous = sample;
  }
}

/** Docker tells once a second. Podman would every five seconds, so it is asked each time anew. */
function answers(
  client: EngineClient,
  { engine, id, signal }: CallOptions & { readonly engine: EngineInfo; readonly id: string },
): AsyncGenerator {
  switch (engine.kind) {
    case "docker":
      return streamed(client, id, signal);
    case "podman":
      return polled(client, id, signal);
  }
}

const DURING = "measuring the container";

async function* streamed(client: EngineClient, id: string, signal: AbortSignal | undefined): AsyncGenerator {
  const lines = await client.stream({
    method: "GET",
    path: containerPath(id, "stats"),
    query: { stream: "1" },
    during: DURING,
    answerWithinMs: client.deadlines.answerMs,
    signal,
  });
  yield* readJsonLines(lines);
}

async function* polled(client: EngineClient, id: string, signal: AbortSignal | undefined): AsyncGenerator {
  for (;;) {
    try {
      const text = await client.text({
        method: "GET",
        path: containerPath(id, "stats"),
        query: { stream: "0" },
        during: DURING,
        answerWithinMs: client.deadlines.answerMs,
        signal,
      });
      yield parseOrUndefined(text);
    } catch (error) {
      // A status does not tell whether it has ended, or is gone.
      if (error instanceof EngineRequestError && (await inspectContainer(client, id, { signal }))?.running !== true) {
        return;
      }
      throw error;
    }
    await pause(EVERY_MS, signal);
  }
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Podman's answer is empty when the container does not run.
    return undefined;
  }
}
