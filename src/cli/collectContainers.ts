import { cacheFolder } from "../core/cacheFolder";
import { reconcileContainers, type ReconcileOutcome } from "../core/container/reconcile/reconcileContainers";
import type { ContainerEngine } from "../core/ports/ContainerEngine";
import type { Workspace } from "../core/Workspace";
import type { GcCommand } from "./CliCommand";
import { writeOut } from "./writeOut";

/** What of `slipway gc` is about containers. @returns what could not be removed, for people. */
export async function collectContainers(
  { dryRun, all, json }: GcCommand,
  {
    engine,
    workspace,
    signal,
  }: { readonly engine: ContainerEngine; readonly workspace: Workspace; readonly signal?: AbortSignal | undefined },
): Promise<readonly string[]> {
  const failures: string[] = [];
  for await (const outcome of reconcileContainers({
    engine,
    workspace,
    cacheFolder: cacheFolder(),
    dryRun,
    all,
    signal,
  })) {
    const { id, name, kind } = outcome;
    if (kind === "failed") {
      failures.push(outcome.message);
    }
    const type = dryRun && (kind === "removed" || kind === "stopped") ? (`would-${DOING[kind]}` as const) : kind;
    const why = kind === "failed" ? { message: outcome.message } : { why: outcome.why };
    const line = json
      ? JSON.stringify({ type, what: "container", id, name, ...why })
      : `${WORDS[type].padEnd(12)}  ${id.slice(0, 12).padEnd(12)}  ${name}  (${explain(outcome)})`;
    await writeOut(process.stdout, `${line}\n`);
  }
  return failures;
}

const DOING = { removed: "remove", stopped: "stop" } as const;

const WORDS = {
  removed: "removed",
  "would-remove": "would remove",
  stopped: "tidied up",
  "would-stop": "would tidy",
  kept: "kept",
  failed: "failed",
} as const;

function explain(outcome: ReconcileOutcome): string {
  return outcome.kind === "failed" ? outcome.message : outcome.why;
}
