import * as vscode from "vscode";
import { cacheFolder } from "../../core/cacheFolder";
import { ContainerRemovalError } from "../../core/errors/jobErrors";
import { discardFailedRun } from "../../core/job/discardFailedRun";
import { realpath } from "node:fs/promises";
import { workspaceOf } from "../../core/Workspace";
import { FolderContainers, isContainerNode } from "../containers/ContainerNode";
import type { ContainersTreeProvider } from "../containers/ContainersTreeProvider";
import type { EngineAccess } from "../EngineAccess";
import { isFailedTask, type FailedTask } from "../jobs/FailedTask";
import type { WorkspaceAccess } from "../WorkspaceAccess";

export interface FailedTaskParts {
  readonly engines: EngineAccess;
  readonly workspace: WorkspaceAccess;
}

/**
 * The failed task that a command is for: of a message or a container of the view, else the only one of the window's folders,
 * else one that somebody chooses.
 *
 * @returns undefined when there is none, which was told then, or when the question was dismissed.
 */
export async function chooseFailedTask(
  { engines, workspace }: FailedTaskParts,
  argument: unknown,
  title: string,
): Promise<FailedTask | undefined> {
  if (isFailedTask(argument)) {
    return argument;
  }
  if (isContainerNode(argument) && argument.failed?.task !== undefined) {
    return { folder: argument.folder, task: argument.failed.task, containerId: argument.container.id };
  }
  const engine = await engines.monitor.get();
  const items: (vscode.QuickPickItem & { readonly failed: FailedTask })[] = [];
  for (const folder of workspace.folders()) {
    for (const { task, step, containerId } of await (await FolderContainers.open(folder, engine)).failedRuns()) {
      if (task !== undefined) {
        const description = `${folder.name}  ${vscode.l10n.t("failed: {0}", step)}`;
        items.push({ label: task, description, failed: { folder, task, containerId } });
      }
    }
  }
  const [first] = items;
  if (first === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t("No task has failed whose container is kept."));
    return undefined;
  }
  return items.length === 1 ? first.failed : (await vscode.window.showQuickPick(items, { title }))?.failed;
}

/** Discard Failed Container: it goes, and what was written down of the task's failure. */
export async function discardRunCommand(
  parts: FailedTaskParts & { readonly containers: ContainersTreeProvider },
  argument: unknown,
): Promise<void> {
  const title = vscode.l10n.t("Of which task is the container to go?");
  const failed = await chooseFailedTask(parts, argument, title);
  if (failed === undefined) {
    return;
  }
  const { monitor } = parts.engines;
  const lease = await monitor.lease();
  const { engine } = lease;
  try {
    const workspace = workspaceOf(await realpath(failed.folder.uri.fsPath));
    const { task } = failed;
    const { problems } = await discardFailedRun({ engine, workspace, cacheFolder: cacheFolder(), task });
    if (problems.length > 0) {
      throw new ContainerRemovalError(problems);
    }
  } catch (error) {
    monitor.reportFailure(engine, error);
    throw error;
  } finally {
    lease.release();
    parts.containers.refresh();
  }
}
