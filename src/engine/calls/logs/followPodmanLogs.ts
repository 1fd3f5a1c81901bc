import type { LogOptions } from "../../../core/ports/ContainerEngine";
import type { OutputChunk } from "../../../core/ports/ContainerTypes";
import { wholeFrames } from "../../stream/wholeFrames";
import type { EngineClient } from "../EngineClient";
import { inspectContainer } from "../inspectContainer";
import { parseLogEntry, type LogEntry } from "./LogEntry";
import { LogFollower } from "./LogFollower";
import { LogWatch } from "./LogWatch";
import { requestLogs } from "./requestLogs";
import { TextFollower } from "./TextFollower";

export interface FollowPodmanLogsOptions extends Omit<LogOptions, "follow"> {
  readonly client: EngineClient;
  readonly id: string;
  readonly tty: boolean;
}

/** Reads the logs again and again. */
interface Follower {
  /** Whether another reading is needed soon. */
  readonly waits: boolean;
  /** The last lines of what is there already. */
  begin(lines: number): AsyncIterable<OutputChunk>;
  /** What is new. */
  read(last: boolean): AsyncIterable<OutputChunk>;
}

/**
 * The logs of a container that runs, until it ends. Podman leaves lines out of logs that it follows (4.3 and 5.8, seen with
 * 170 kB), but none of those that it reads once. So following only tells when there is something to be read, and when the
 * container has come to its end, by when all that it wrote is in its logs.
 */
export async function* followPodmanLogs(options: FollowPodmanLogsOptions): AsyncGenerator<OutputChunk> {
  const { client, id, tty, tail, signal } = options;
  const follower = tty ? textFollower(options) : entryFollower(options);
  const watch = new LogWatch(
    async (until) => requestLogs({ client, id, follow: true, tail: 0, signal: until }),
    signal,
  );
  try {
    if (tail !== undefined) {
      yield* follower.begin(tail);
    }
    for (;;) {
      const last = watch.hasEnded;
      if (last && (await inspectContainer(client, id, { signal })) === undefined) {
        return;
      }
      const started = performance.now();
      yield* follower.read(last);
      if (last) {
        return;
      }
      await watch.next({ soon: follower.waits, costMs: performance.now() - started });
    }
  } finally {
    watch.close();
  }
}

function entryFollower({ client, id, since, signal }: FollowPodmanLogsOptions): Follower {
  const follower = new LogFollower(since);
  const read = async function* (): AsyncGenerator<LogEntry> {
    const from = follower.since;
    const logs = await requestLogs({ client, id, follow: false, timestamps: true, since: from, signal });
    for await (const frame of wholeFrames(logs)) {
      yield parseLogEntry(frame);
    }
  };
  return {
    get waits() {
      return follower.waits;
    },
    async *begin(lines) {
      yield* (await follower.begin(read(), lines)).map(withoutTime);
    },
    async *read(last) {
      for await (const entry of follower.read(read(), last)) {
        yield withoutTime(entry);
      }
    },
  };
}

function withoutTime({ stream, data }: LogEntry): OutputChunk {
  return { stream, data };
}

/** With a terminal, logs cannot be taken apart: where one line has two parts, a time would stand in its middle. */
function textFollower({ client, id, since, signal }: FollowPodmanLogsOptions): Follower {
  const follower = new TextFollower();
  const read = async (): Promise<AsyncIterable<Uint8Array>> =>
    requestLogs({ client, id, follow: false, since, signal });
  return {
    get waits() {
      return follower.waits;
    },
    async *begin(lines) {
      yield* (await follower.begin(await read(), lines)).map(ofTerminal);
    },
    async *read(last) {
      for await (const data of follower.read(await read(), last)) {
        yield ofTerminal(data);
      }
    },
  };
}

function ofTerminal(data: Uint8Array): OutputChunk {
  return { stream: "stdout", data };
}
