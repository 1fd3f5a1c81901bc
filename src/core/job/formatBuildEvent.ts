import type { BuildEvent } from "../ports/BuildEvent";
import { formatDuration } from "./formatDuration";

/** How far something has come is written at most this often, in milliseconds, and at its end. */
const PROGRESS_PAUSE_MS = 1000;
/** What is smaller is not worth a line: every build sends its Dockerfile and a list of its files. */
const WORTH_A_LINE_BYTES = 1_000_000;
/** Housekeeping that takes longer is told of, in milliseconds. */
const WORTH_TELLING_MS = 1000;

/**
 * Makes a plain log of a build's events, complete and in order: each step when it starts and ends, its output between,
 * and of what is large and on its way how far it came, now and then and in the end. Output of a step that is not the one written last gets a heading, so that every line can be
 * told where it belongs.
 *
 * @returns text for each event, ending with a line break wherever a line ends.
 */
export function formatBuildEvent(): (event: BuildEvent) => string {
  const names = new Map<string, string>();
  const toldProgress = new Map<string, { readonly at: number; readonly done: number | undefined }>();
  let current: string | undefined;
  let midLine = false;
  const line = (text: string): string => {
    const before = midLine ? "\n" : "";
    midLine = false;
    return `${before}${text}\n`;
  };
  return (event) => {
    switch (event.type) {
      case "step": {
        const { id, name, state, durationMs } = event;
        names.set(id, name);
        if (isHousekeeping(name) && state !== "failed" && (durationMs ?? 0) < WORTH_TELLING_MS) {
          return "";
        }
        if (state === "started") {
          current = id;
          return line(name);
        }
        const heading = current === id ? "" : `${name}: `;
        const duration = durationMs === undefined || state === "cached" ? "" : ` (${formatDuration(durationMs)})`;
        current = id;
        return line(`  ${heading}${state}${duration}`);
      }
      case "output": {
        const heading =
          event.stepId === undefined || event.stepId === current ? "" : line(names.get(event.stepId) ?? "");
        current = event.stepId ?? current;
        midLine = !event.text.endsWith("\n");
        return heading + event.text;
      }
      case "progress": {
        const { message, current: done, total, last } = event;
        if (done !== undefined && Math.max(done, total ?? 0) < WORTH_A_LINE_BYTES) {
          return "";
        }
        const now = performance.now();
        // What has a size is told of when it takes long; of what is there at once, the end is enough.
        const first = { at: done === undefined ? -PROGRESS_PAUSE_MS : now, done: undefined };
        const told = toldProgress.get(message) ?? first;
        // How far it came in the end must not be missing, however soon after the line before.
        const isNews = last === true && told.done !== done;
        const isDue = now - told.at >= PROGRESS_PAUSE_MS || isNews;
        toldProgress.set(message, isDue ? { at: now, done } : told);
        return isDue ? line(`  ${message}${formatAmount(done, total)}`) : "";
      }
      case "warning":
        return line(`warning: ${event.message}`);
      case "image":
        return line(`image ${event.imageId}`);
    }
  };
}

/** What builders do for themselves. */
function isHousekeeping(name: string): boolean {
  return name.startsWith("[internal]") || name === "exporting to image";
}

function formatAmount(done: number | undefined, total: number | undefined): string {
  if (done === undefined) {
    return "";
  }
  return total === undefined ? ` ${formatBytes(done)}` : ` ${formatBytes(done)} of ${formatBytes(total)}`;
}

function formatBytes(bytes: number): string {
  if (bytes < 1000) {
    return `${String(bytes)} bytes`;
  }
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
