import type { OutputChunk } from "../../../core/ports/ContainerTypes";
import { readOutput } from "../../stream/readOutput";
import { wholeFrames } from "../../stream/wholeFrames";
import { followPodmanLogs } from "./followPodmanLogs";
import { keepLastLines } from "./keepLastLines";
import { requestLogs, type RequestLogsOptions } from "./requestLogs";
import { textLines } from "./textLines";

/** @param options `follow` is for a container that runs. */
export async function* podmanLogs(
  options: RequestLogsOptions & { readonly tty: boolean },
): AsyncGenerator<OutputChunk> {
  const { tty, tail, follow } = options;
  if (follow) {
    yield* followPodmanLogs(options);
    return;
  }
  const logs = await requestLogs({ ...options, tail: undefined });
  if (tail === undefined) {
    yield* readOutput(logs, tty);
  } else {
    yield* await keepLastLines(tty ? terminalLines(logs) : wholeFrames(logs), tail);
  }
}

async function* terminalLines(logs: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk> {
  for await (const { data } of textLines(logs)) {
    yield { stream: "stdout", data };
  }
}
