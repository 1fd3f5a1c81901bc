import * as vscode from "vscode";
import { chooseDockerfileCommand, type ChooseDockerfileParts } from "./commands/chooseDockerfile";
import { cleanUpContainersCommand } from "./commands/cleanUpContainers";
import {
  inspectContainer,
  openPort,
  removeContainer,
  restartContainer,
  startContainer,
  stopContainer,
} from "./commands/containerCommands";
import { copyFromContainer, copyToContainer } from "./commands/copyCommands";
import { explainImageCommand, type ExplainParts } from "./commands/explainImage";
import { chooseFailedTask, discardRunCommand } from "./commands/failedTasks";
import {
  cleanUpImagesCommand,
  copyImageName,
  inspectImage,
  removeImage,
  type ImageParts,
} from "./commands/imageCommands";
import { openShellCommand } from "./commands/openShell";
import { buildAndRunCommand, buildImageCommand, retryTask, runTaskCommand, type JobParts } from "./commands/runJobs";
import { selectEngineCommand } from "./commands/selectEngine";
import { stopTaskCommand } from "./commands/stopTask";
import { chooseContainer, type ContainerQuestion } from "./containers/chooseContainer";
import type { ContainerLogs } from "./ContainerLogs";
import type { ContainerNode } from "./containers/ContainerNode";
import type { ContainersTreeProvider } from "./containers/ContainersTreeProvider";
import type { EngineAccess } from "./EngineAccess";
import { COMMAND, type CommandId } from "./ids";
import type { ImageNode, ImagesNode } from "./ImagesTreeProvider";
import type { JsonDocuments } from "./JsonDocuments";
import { reportError } from "./reportError";

export interface CommandParts extends JobParts, ChooseDockerfileParts, ImageParts, ExplainParts {
  readonly containers: ContainersTreeProvider;
  readonly logs: ContainerLogs;
  readonly engines: EngineAccess;
  readonly documents: JsonDocuments;
}

/** They run nothing of the workspace. */
const WITHOUT_TRUST: readonly string[] = [COMMAND.showLog, COMMAND.selectEngine];

/** What a command of VS Code gets: what was clicked, and all that is selected. */
type CommandAction = (argument: unknown, selection: unknown) => Promise<void> | void;

/** Every command of package.json; a missing one does not compile. Failures are told, never thrown at VS Code. */
export function registerCommands(parts: CommandParts): vscode.Disposable {
  const commands: Readonly<Record<CommandId, CommandAction>> = {
    ...jobCommands(parts),
    ...containerCommands(parts),
    ...imageCommands(parts),
    [COMMAND.selectEngine]: async () => selectEngineCommand(parts.engines),
    [COMMAND.showLog]: () => {
      parts.outputs.log.show();
    },
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(id, async (argument: unknown, selection: unknown) => {
        if (!vscode.workspace.isTrusted && !WITHOUT_TRUST.includes(id)) {
          await askForTrust();
          return;
        }
        try {
          await run(argument, selection);
        } catch (error) {
          reportError(error, parts.outputs);
        }
      }),
    ),
  );
}

function jobCommands(parts: CommandParts) {
  return {
    [COMMAND.buildAndRun]: async (argument) => buildAndRunCommand(parts, resourceOf(argument)),
    [COMMAND.runTask]: async (argument) => runTaskCommand(parts, resourceOf(argument)),
    [COMMAND.stopTask]: async (argument) => stopTaskCommand(parts.jobs, argument),
    [COMMAND.retryTask]: async (argument) => {
      const failed = await chooseFailedTask(parts, argument, vscode.l10n.t("Which task is to be tried again?"));
      if (failed !== undefined) {
        await retryTask(parts, failed);
      }
    },
    [COMMAND.discardRun]: async (argument) => discardRunCommand(parts, argument),
    [COMMAND.openShell]: async (argument) => openShellCommand(parts, argument, resourceOf(argument)),
    [COMMAND.buildImage]: async (argument) => buildImageCommand(parts, resourceOf(argument)),
    [COMMAND.rebuildImage]: async (argument) => buildImageCommand(parts, resourceOf(argument), { force: true }),
    [COMMAND.rebuildWithoutCache]: async (argument) =>
      buildImageCommand(parts, resourceOf(argument), { noCache: true }),
    [COMMAND.explainImage]: async (argument) => explainImageCommand(parts, resourceOf(argument)),
    [COMMAND.chooseDockerfile]: async (argument) => chooseDockerfileCommand(parts, resourceOf(argument)),
  } satisfies Readonly<Record<string, CommandAction>>;
}

function containerCommands(parts: CommandParts) {
  const { jobs, containers, logs, documents } = parts;
  const running = ({ container }: ContainerNode): boolean => container.state === "running";
  const onContainer =
    (
      question: Omit<ContainerQuestion, "argument" | "none" | "suits"> & Partial<ContainerQuestion>,
      action: (node: ContainerNode, selection: unknown, argument: unknown) => Promise<void>,
    ): CommandAction =>
    async (argument, selection) => {
      const none = vscode.l10n.t("This window's folders have no container for that.");
      const node = await chooseContainer(parts, { suits: () => true, none, ...question, argument });
      if (node !== undefined) {
        await action(node, selection, argument);
      }
    };
  return {
    [COMMAND.refreshContainers]: () => {
      containers.readAnew();
    },
    [COMMAND.cleanUpContainers]: async () => cleanUpContainersCommand(parts),
    [COMMAND.startContainer]: onContainer(
      { title: vscode.l10n.t("Which container is to be started?"), suits: (node) => !running(node) },
      startContainer,
    ),
    [COMMAND.stopContainer]: onContainer(
      { title: vscode.l10n.t("Which container is to be stopped?"), suits: running },
      async (node) => stopContainer(jobs, node),
    ),
    [COMMAND.restartContainer]: onContainer(
      { title: vscode.l10n.t("Which container is to be restarted?") },
      async (node) => restartContainer(jobs, node),
    ),
    [COMMAND.removeContainer]: onContainer(
      { title: vscode.l10n.t("Which container is to be removed?") },
      async (node) => removeContainer(jobs, node),
    ),
    [COMMAND.showContainerLogs]: onContainer({ title: vscode.l10n.t("The logs of which container?") }, async (node) =>
      logs.show(node),
    ),
    [COMMAND.copyToContainer]: onContainer(
      { title: vscode.l10n.t("Copy to which container?") },
      async (node, selection, argument) => copyToContainer(parts, node, urisOf(argument, selection)),
    ),
    [COMMAND.copyFromContainer]: onContainer({ title: vscode.l10n.t("Copy from which container?") }, async (node) =>
      copyFromContainer(parts, node),
    ),
    [COMMAND.openPort]: onContainer(
      {
        title: vscode.l10n.t("A port of which container?"),
        suits: (node) => running(node) && node.container.ports.length > 0,
        none: vscode.l10n.t('No container with a port is running. Name some in "run.ports" of slipway.json.'),
      },
      openPort,
    ),
    [COMMAND.inspectContainer]: onContainer({ title: vscode.l10n.t("Which container?") }, async (node) =>
      inspectContainer(documents, node),
    ),
  } satisfies Readonly<Record<string, CommandAction>>;
}

function imageCommands(parts: CommandParts) {
  const onImage =
    (action: (node: ImageNode) => Promise<void>): CommandAction =>
    async (node) => {
      // The Command Palette gives no image; these commands are hidden there.
      if (isImagesNode(node) && node.kind === "image") {
        await action(node);
      }
    };
  return {
    [COMMAND.refreshImages]: () => {
      parts.images.refresh();
    },
    [COMMAND.cleanUpImages]: async (argument) =>
      cleanUpImagesCommand(parts, isImagesNode(argument) ? argument.folder : undefined),
    [COMMAND.removeImage]: onImage(async (node) => removeImage(parts, node)),
    [COMMAND.copyImageName]: onImage(copyImageName),
    [COMMAND.inspectImage]: onImage(async (node) => inspectImage(parts, node)),
  } satisfies Readonly<Record<string, CommandAction>>;
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

/** What is selected in the explorer, whose commands get the one that was clicked, and all. */
function urisOf(argument: unknown, selection: unknown): readonly vscode.Uri[] | undefined {
  if (!(argument instanceof vscode.Uri)) {
    return undefined;
  }
  const all: readonly unknown[] = Array.isArray(selection) ? selection : [];
  const uris = all.filter((each): each is vscode.Uri => each instanceof vscode.Uri);
  return uris.length > 0 ? uris : [argument];
}

function isImagesNode(value: unknown): value is ImagesNode {
  return typeof value === "object" && value !== null && "kind" in value && "folder" in value;
}
