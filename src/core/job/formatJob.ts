import { formatDuration } from "./formatDuration";
import type { JobEvent } from "./JobEvent";

/** "fresh: 12 inputs unchanged (9 ms)", "rebuilding: src/app.js changed (9 ms)". */
export function formatDecision({ decision, willBuild, durationMs }: JobEvent & { readonly type: "decision" }): string {
  const verb = !willBuild ? "" : decision.state === "absent" ? "building: " : "rebuilding: ";
  return `${verb}${decision.reason} (${formatDuration(durationMs)})`;
}

/** The last line of a job: the exit code, whether the image was built and why, and how long each part took. */
export function formatSummary(summary: JobEvent & { readonly type: "summary" }): string {
  const { wasBuilt, reason, exitCode, outOfMemory, phases, totalMs } = summary;
  const parts = phases.map(({ phase, durationMs }) => `${phase} ${formatDuration(durationMs)}`);
  const end =
    exitCode === undefined ? "done" : `exit code ${String(exitCode)}${outOfMemory ? " (killed: out of memory)" : ""}`;
  return `${end} in ${formatDuration(totalMs)}; image ${wasBuilt ? `built: ${reason}` : reason} (${parts.join(", ")})`;
}
