import * as vscode from "vscode";
import { realpath } from "node:fs/promises";
import { cacheFolder } from "../../core/cacheFolder";
import { reconcileContainers, type ReconcileOutcome } from "../../core/container/reconcile/reconcileContainers";
import { ContainerRemovalError } from "../../core/errors/jobErrors";
import type { ContainerEngine } from "../../core/ports/ContainerEngine";
import { workspaceOf, type Workspace } from "../../core/Workspace";
import type { EngineAccess } from "../EngineAccess";
import type { Outputs } from "../Outputs";
import type { WorkspaceAccess } from "../WorkspaceAccess";
import { withCancellableProgress } from "./withCancellableProgress";

export interface CleanUpParts {
  readonly engines: EngineAccess;
  readonly workspace: WorkspaceAccess;
  readonly outputs: Outputs;
}

/** Of a dialog that lists containers. */
const MOST_LINES = 12;

/** Clean Up Containers…: removes those of the window's folders that nobody uses, once somebody has seen which. */
export async function cleanUpContainersCommand({ engines, workspace, outputs }: CleanUpParts): Promise<void> {
  const lease = await engines.monitor.lease();
  const { engine } = lease;
  try {
    const workspaces = await Promise.all(
      workspace.folders().map(async ({ uri }) => workspaceOf(await realpath(uri.fsPath))),
    );
    const planned = actsOf(await reconcile(engine, workspaces, { dryRun: true }));
    if (planned.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t("There is no container to remove."));
      return;
    }
    if (!(await confirm(planned))) {
      return;
    }
    const outcomes = await withCancellableProgress(vscode.l10n.t("Removing containers"), async (signal) =>
      reconcile(engine, workspaces, { dryRun: false, signal }),
    );
    const removed = outcomes.filter(({ kind }) => kind === "removed").length;
    outputs.log.info(`Clean-up: containers removed: ${String(removed)}`);
    vscode.window.setStatusBarMessage(`$(check) ${vscode.l10n.t("Containers removed: {0}", removed)}`, 5_000);
    const failures = outcomes.flatMap((outcome) => (outcome.kind === "failed" ? [outcome.message] : []));
    if (failures.length > 0) {
      throw new ContainerRemovalError(failures);
    }
  } catch (error) {
    engines.monitor.reportFailure(engine, error);
    throw error;
  } finally {
    lease.release();
  }
}

async function reconcile(
  engine: ContainerEngine,
  workspaces: readonly Workspace[],
  options: { readonly dryRun: boolean; readonly signal?: AbortSignal },
): Promise<readonly ReconcileOutcome[]> {
  const found: ReconcileOutcome[] = [];
  for (const workspace of workspaces) {
    for await (const outcome of reconcileContainers({
      ...{ engine, workspace, cacheFolder: cacheFolder(), all: true },
      ...options,
    })) {
      found.push(outcome);
    }
  }
  return found;
}

type Act = ReconcileOutcome & { readonly kind: "removed" | "stopped" };

function actsOf(outcomes: readonly ReconcileOutcome[]): readonly Act[] {
  return outcomes.filter((outcome): outcome is Act => outcome.kind === "removed" || outcome.kind === "stopped");
}

async function confirm(planned: readonly Act[]): Promise<boolean> {
  const shown = planned.slice(0, MOST_LINES).map(({ name, why }) => `${name}: ${why}`);
  const more = planned.length - shown.length;
  const detail = [...shown, ...(more > 0 ? [vscode.l10n.t("and {0} more", more)] : [])].join("\n");
  const message =
    planned.length === 1
      ? vscode.l10n.t("Remove 1 container that nobody uses?")
      : vscode.l10n.t("Remove {0} containers that nobody uses?", planned.length);
  const remove = vscode.l10n.t("Remove");
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, remove)) === remove;
}
