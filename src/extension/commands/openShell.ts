import type * as vscode from "vscode";
import { isContainerNode } from "../containers/ContainerNode";
import { isFailedTask } from "../jobs/FailedTask";
import type { Outputs } from "../Outputs";
import { reportError } from "../reportError";
import type { Shells, ShellRequest } from "../terminals/Shells";
import type { WorkspaceAccess } from "../WorkspaceAccess";

export interface ShellParts {
  readonly workspace: WorkspaceAccess;
  readonly shells: Shells;
  readonly outputs: Outputs;
}

/**
 * Open Shell in Container, until the shell has ended: of the view, of a task that failed, else where the folder's tasks run.
 *
 * @param argument a container, a failed task, or the folder that is meant.
 */
export async function openShellCommand(
  { workspace, shells, outputs }: ShellParts,
  argument: unknown,
  resource: vscode.Uri | undefined,
): Promise<void> {
  const meant = meantBy(argument);
  const folder = meant?.folder ?? (await workspace.pickFolder(resource));
  if (folder === undefined) {
    return;
  }
  try {
    const configuration = await workspace.readOrAsk(folder);
    if (configuration !== undefined) {
      await shells.start({ folder, configuration, container: meant?.container, task: meant?.task });
    }
  } catch (error) {
    reportError(error, outputs, folder);
  }
}

function meantBy(argument: unknown): Pick<ShellRequest, "folder" | "container" | "task"> | undefined {
  if (isFailedTask(argument)) {
    return { folder: argument.folder, container: argument.containerId, task: argument.task };
  }
  if (isContainerNode(argument)) {
    return { folder: argument.folder, container: argument.container.id, task: argument.failed?.task };
  }
  return undefined;
}
