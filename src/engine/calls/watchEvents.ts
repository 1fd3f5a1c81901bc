import { EngineLostError } from "../../core/errors/engineErrors";
import type { CallOptions } from "../../core/ports/ContainerEngine";
import type { EngineEvent, Labels } from "../../core/ports/ContainerTypes";
import { EVENT_FILTERS, parseEngineEvent } from "../shapes/engineEvent";
import { readJsonLines } from "../stream/readJsonLines";
import { leave } from "../stream/releasing";
import { carriesLabels } from "./carriesLabels";
import type { EngineClient } from "./EngineClient";
import { inspectContainer } from "./inspectContainer";

/**
 * GET /events, for ContainerEngine.watchEvents. Engines begin the answer before they listen: that nothing is missed
 * between, they are asked for what has happened since a moment before, by their own clock.
 */
export async function* watchEvents(
  client: EngineClient,
  { labels, signal }: CallOptions & { readonly labels: Labels },
): AsyncGenerator<EngineEvent> {
  const { time } = await client.systemInfo(signal);
  const lines = await client.stream({
    method: "GET",
    path: "/events",
    query: { filters: JSON.stringify(EVENT_FILTERS), since: time === undefined ? undefined : toUnixTime(time) },
    during: "watching the engine",
    answerWithinMs: client.deadlines.answerMs,
    signal,
  });
  try {
    yield { kind: "listening" };
    for await (const line of readJsonLines(lines)) {
      const event = parseEngineEvent(line);
      if (event !== undefined && (event.kind !== "container" || carriesLabels(event.labels, labels))) {
        if (event.kind === "container" && event.action === "die") {
          await settled(client, event.id, signal);
        }
        yield event;
      }
    }
  } finally {
    // Who leaves at the first event has not begun to read the others.
    await leave(lines);
  }
  throw new EngineLostError(client.name, "watching the engine");
}

/**
 * Docker 20.10 tells that a container has ended before its lists do. To look at the container is to wait for its lock,
 * which is let go of once they do, too.
 */
async function settled(client: EngineClient, id: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    await inspectContainer(client, id, { signal });
  } catch {
    // It is told all the same; what is wrong with the engine, the stream of events tells.
    signal?.throwIfAborted();
  }
}

/** "2026-11-27T01:14:26.894258123Z" as seconds since 1970, with all of its digits. */
function toUnixTime(text: string): string {
  const [, fraction = "0"] = /\.(\d+)/.exec(text) ?? [];
  return `${String(Date.parse(text.replace(/\.\d+/, "")) / 1000)}.${fraction.padEnd(9, "0")}`;
}
