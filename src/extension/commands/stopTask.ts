import * as vscode from "vscode";
import { isContainerNode } from "../containers/ContainerNode";
import type { JobRunner } from "../jobs/JobRunner";

/** Stop Task: as Cancel in its notification does. Asks which where several run. */
export async function stopTaskCommand(jobs: JobRunner, argument: unknown): Promise<void> {
  const running = jobs.running.filter(
    ({ state }) => !isContainerNode(argument) || state.container?.id === argument.container.id,
  );
  const [first] = running;
  if (first === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t("No task is running in this window."));
    return;
  }
  const items = running.map(({ job, controller }) => ({ label: job.name, description: job.folder.name, controller }));
  const title = vscode.l10n.t("Which task is to be stopped?");
  const picked = running.length === 1 ? first : await vscode.window.showQuickPick(items, { title });
  picked?.controller.abort();
}
