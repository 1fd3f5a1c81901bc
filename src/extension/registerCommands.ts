import * as vscode from "vscode";
import { chooseDockerfileCommand, type ChooseDockerfileParts } from "./commands/chooseDockerfile";
import { removeContainer, startContainer, stopContainer, type ContainerLogs } from "./commands/containerCommands";
import { explainImageCommand, type ExplainParts } from "./commands/explainImage";
import {
  cleanUpImagesCommand,
  copyImageName,
  inspectImage,
  removeImage,
  type ImageParts,
} from "./commands/imageCommands";
import { buildAndRunCommand, buildImageCommand, runTaskCommand, type JobParts } from "./commands/runJobs";
import type { ContainerNode, ContainersTreeProvider } from "./ContainersTreeProvider";
import type { ImageNode, ImagesNode } from "./ImagesTreeProvider";
import { selectEngineCommand } from "./commands/selectEngine";
import type { EngineAccess } from "./EngineAccess";
import { COMMAND, type CommandId } from "./ids";
import { reportError } from "./reportError";

export interface CommandParts extends JobParts, ChooseDockerfileParts, ImageParts, ExplainParts {
  readonly containers: ContainersTreeProvider;
  readonly logs: ContainerLogs;
  readonly engines: EngineAccess;
}

/** They run nothing of the workspace. */
const WITHOUT_TRUST: readonly string[] = [COMMAND.showLog, COMMAND.selectEngine];

/** Every command of package.json; a missing one does not compile. Failures are told, never thrown at VS Code. */
export function registerCommands(parts: CommandParts): vscode.Disposable {
  const onContainer = (action: (node: ContainerNode) => Promise<void>) => async (node: unknown) => {
    // The Command Palette gives no container; these commands are hidden there.
    if (isContainerNode(node)) {
      await action(node);
    }
  };
  const onImage = (action: (node: ImageNode) => Promise<void>) => async (node: unknown) => {
    if (isImagesNode(node) && node.kind === "image") {
      await action(node);
    }
  };
  const commands: Readonly<Record<CommandId, (argument: unknown) => Promise<void> | void>> = {
    [COMMAND.buildAndRun]: async (argument) => buildAndRunCommand(parts, resourceOf(argument)),
    [COMMAND.runTask]: async (argument) => runTaskCommand(parts, resourceOf(argument)),
    [COMMAND.buildImage]: async (argument) => buildImageCommand(parts, resourceOf(argument)),
    [COMMAND.rebuildImage]: async (argument) => buildImageCommand(parts, resourceOf(argument), { force: true }),
    [COMMAND.rebuildWithoutCache]: async (argument) =>
      buildImageCommand(parts, resourceOf(argument), { noCache: true }),
    [COMMAND.explainImage]: async (argument) => explainImageCommand(parts, resourceOf(argument)),
    [COMMAND.chooseDockerfile]: async (argument) => chooseDockerfileCommand(parts, resourceOf(argument)),
    [COMMAND.selectEngine]: async () => selectEngineCommand(parts.engines),
    [COMMAND.showLog]: () => {
      parts.outputs.log.show();
    },
    [COMMAND.refreshContainers]: () => {
      parts.containers.refresh();
    },
    [COMMAND.startContainer]: onContainer(startContainer),
    [COMMAND.stopContainer]: onContainer(async (node) => {
      await parts.jobs.expectStop(node.container.id, async () => stopContainer(node));
    }),
    [COMMAND.removeContainer]: onContainer(removeContainer),
    [COMMAND.showContainerLogs]: onContainer(async (node) => parts.logs.show(node)),
    [COMMAND.refreshImages]: () => {
      parts.images.refresh();
    },
    [COMMAND.cleanUpImages]: async (argument) =>
      cleanUpImagesCommand(parts, isImagesNode(argument) ? argument.folder : undefined),
    [COMMAND.removeImage]: onImage(async (node) => removeImage(parts, node)),
    [COMMAND.copyImageName]: onImage(copyImageName),
    [COMMAND.inspectImage]: onImage(async (node) => inspectImage(parts, node)),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(id, async (argument: unknown) => {
        if (!vscode.workspace.isTrusted && !WITHOUT_TRUST.includes(id)) {
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

/** The status bar names its folder, links in its tooltip as a text; buttons of views give arguments of other kinds. */
function resourceOf(argument: unknown): vscode.Uri | undefined {
  return argument instanceof vscode.Uri
    ? argument
    : typeof argument === "string"
      ? vscode.Uri.parse(argument)
      : undefined;
}

function isContainerNode(value: unknown): value is ContainerNode {
  return typeof value === "object" && value !== null && "container" in value && "manager" in value;
}

function isImagesNode(value: unknown): value is ImagesNode {
  return typeof value === "object" && value !== null && "kind" in value && "folder" in value;
}
