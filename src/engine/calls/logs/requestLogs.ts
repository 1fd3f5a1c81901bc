import type { LogOptions } from "../../../core/ports/ContainerEngine";
import { containerPath } from "../containerPath";
import type { EngineClient } from "../EngineClient";

export interface RequestLogsOptions extends LogOptions {
  readonly client: EngineClient;
  readonly id: string;
  /** Before each entry, when it was written. */
  readonly timestamps?: boolean | undefined;
}

/** GET /containers/{id}/logs */
export async function requestLogs(options: RequestLogsOptions): Promise<AsyncGenerator<Uint8Array>> {
  const { client, id, follow, tail, since, timestamps, signal } = options;
  return client.stream({
    method: "GET",
    path: containerPath(id, "logs"),
    query: {
      stdout: "1",
      stderr: "1",
      follow: follow ? "1" : "0",
      tail: tail === undefined ? undefined : String(tail),
      since: since === undefined ? undefined : (since / 1000).toFixed(3),
      timestamps: timestamps === true ? "1" : undefined,
    },
    during: "reading the container's logs",
    // The answer to a request that follows begins with the first line.
    answerWithinMs: follow ? undefined : client.deadlines.answerMs,
    signal,
  });
}
