import type { OutputChunk } from "../../../core/ports/ContainerTypes";

/** A line of a container's logs, or a part of one, as it stands in them. */
export interface LogEntry extends OutputChunk {
  /** When it was written, in whole seconds since 1970. */
  readonly second: number;
}

/** @param frame "2026-11-27T07:53:03.431554907Z text", as logs are with their times. */
export function parseLogEntry({ stream, data }: OutputChunk): LogEntry {
  const end = data.indexOf(0x20);
  const time = Date.parse(Buffer.from(data.subarray(0, Math.max(end, 0))).toString("latin1"));
  return { stream, data: data.subarray(end + 1), second: Number.isNaN(time) ? 0 : Math.floor(time / 1000) };
}
