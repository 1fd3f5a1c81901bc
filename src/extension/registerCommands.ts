import * as vscode from "vscode";
import { removeContainer, startContainer, stopContainer, type ContainerLogs } from "./commands/containerCommands";
import { buildAndRunCommand, buildImageCommand, runTaskCommand, type JobParts } from "./commands/runJobs";
import type { ContainerNode, ContainersTreeProvider } from "./ContainersTreeProvider";
import { COMMAND, type CommandId } from "./ids";
import { reportError } from "./reportError";

export interface CommandParts extends JobParts {
  readonly containers: ContainersTreeProvider;
  readonly logs: ContainerLogs;
}

/** Every command of package.json; a missing one does not compile. Failures are told, never thrown at VS Code. */
export function registerCommands(parts: CommandParts): vscode.Disposable {
  const onContainer = (action: (node: ContainerNode) => Promise<void>) => async (node: unknown) => {
    // The Command Palette gives no container; these commands are hidden there.
    if (isContainerNode(node)) {
      await action(node);
    }
  };
  const commands: Readonly<Record<CommandId, (argument: unknown) => Promise<void> | void>> = {
    [COMMAND.buildAndRun]: async () => buildAndRunCommand(parts),
    [COMMAND.runTask]: async () => runTaskCommand(parts),
    [COMMAND.buildImage]: async () => buildImageCommand(parts, {}),
    [COMMAND.rebuildImage]: async () => buildImageCommand(parts, { force: true }),
    [COMMAND.rebuildWithoutCache]: async () => buildImageCommand(parts, { noCache: true }),
    [COMMAND.showLog]: () => {
      parts.outputs.log.show();
    },
    [COMMAND.refreshContainers]: () => {
      parts.containers.refresh();
    },
    [COMMAND.startContainer]: onContainer(startContainer),
    [COMMAND.stopContainer]: onContainer(stopContainer),
    [COMMAND.removeContainer]: onContainer(removeContainer),
    [COMMAND.showContainerLogs]: onContainer(async (node) => parts.logs.show(node)),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(id, async (argument: unknown) => {
        if (!vscode.workspace.isTrusted && id !== COMMAND.showLog) {
          await askForTrust();
          return;
        }
        try {
          await run(argument);
        } catch (error) {
          reportError(error, parts.outputs);
        }
      }),
    ),
  );
}

async function askForTrust(): Promise<void> {
  const manage = vscode.l10n.t("Manage Workspace Trust");
  const message = vscode.l10n.t(
    "Building an image runs what its Dockerfile says. Slipway does that only in workspaces that you trust.",
  );
  if ((await vscode.window.showWarningMessage(message, manage)) === manage) {
    await vscode.commands.executeCommand("workbench.trust.manage");
  }
}

function isContainerNode(value: unknown): value is ContainerNode {
  return typeof value === "object" && value !== null && "container" in value && "manager" in value;
}
