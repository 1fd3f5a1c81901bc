import { formatSize } from "../image/list/formatSize";
import type { StepPlace, StepResult, TaskEvent } from "../task/TaskEvent";
import { formatDuration } from "./formatDuration";

/** "step 2 of 3: unit", "set-up 1 of 1: npm ci"; without a count where there is one step only. */
export function formatStep({ part, index, count, name }: StepPlace): string {
  const what = part === "setup" ? "set-up" : "step";
  return count === 1 ? `${what}: ${name}` : `${what} ${String(index + 1)} of ${String(count)}: ${name}`;
}

/** "succeeded (1.2 s)", "failed with exit code 3 (40 ms), which does not count". */
export function formatStepResult(result: StepResult): string {
  switch (result.status) {
    case "succeeded":
      return `succeeded (${formatDuration(result.durationMs)})`;
    case "failed": {
      const memory = result.outOfMemory ? ", killed: out of memory" : "";
      const code = `failed with exit code ${String(result.exitCode)}${memory}`;
      return `${code} (${formatDuration(result.durationMs)})${ignoredOf(result)}`;
    }
    case "timed-out":
      return `stopped: it took longer than ${formatDuration(result.timeoutMs)}${ignoredOf(result)}`;
    case "skipped":
      switch (result.why) {
        case "done":
          return "done in the earlier try";
        case "inputs":
          return "nothing that it depends on has changed";
        case "earlier":
          return "not run: an earlier step failed";
      }
  }
}

/** "copied /workspace/coverage to coverage: 12 files, 1.2 MB (40 ms)". */
export function formatTransfer({
  direction,
  source,
  target,
  files,
  bytes,
  durationMs,
}: TaskEvent & { readonly type: "transfer" }): string {
  const amount = `${files === 1 ? "1 file" : `${String(files)} files`}, ${formatSize(bytes)}`;
  const verb = direction === "sync" ? "brought up to date" : "copied";
  const what = direction === "sync" ? target : `${source} to ${target}`;
  return `${verb} ${what}: ${amount} (${formatDuration(durationMs)})`;
}

function ignoredOf({ ignored }: { readonly ignored: boolean }): string {
  return ignored ? ", which does not count" : "";
}
