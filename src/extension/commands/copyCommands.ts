import { posix } from "node:path";
import * as vscode from "vscode";
import { formatTransfer } from "../../core/job/formatStep";
import { copyPathIn, copyPathOut, type CopyPathOptions } from "../../core/transfer/copyPath";
import type { TransferEvent } from "../../core/transfer/TransferEvent";
import type { ContainerNode } from "../containers/ContainerNode";
import type { Outputs } from "../Outputs";
import type { WorkspaceAccess } from "../WorkspaceAccess";
import { withCancellableProgress } from "./withCancellableProgress";

export interface CopyParts {
  readonly workspace: WorkspaceAccess;
  readonly outputs: Outputs;
}

const REMEMBERED = { to: "/tmp/", from: "/workspace/" } as const;

/**
 * Copy To Container…: files or folders of this machine.
 *
 * @param sources those that were selected in the explorer; undefined asks for them.
 */
export async function copyToContainer(
  { workspace, outputs }: CopyParts,
  { container, engine, folder }: ContainerNode,
  sources: readonly vscode.Uri[] | undefined,
): Promise<void> {
  const chosen =
    sources ??
    (await vscode.window.showOpenDialog({
      canSelectFiles: true,
      canSelectMany: true,
      defaultUri: folder.uri,
      title: vscode.l10n.t("Copy to {0}", container.name),
      openLabel: vscode.l10n.t("Copy"),
    }));
  const containerPath =
    chosen === undefined
      ? undefined
      : await askForPath({
          title: vscode.l10n.t("Copy to {0}", container.name),
          prompt: vscode.l10n.t("Where to in the container? A folder ends with a slash."),
          value: workspace.rememberedPath("to") ?? REMEMBERED.to,
        });
  if (chosen === undefined || containerPath === undefined) {
    return;
  }
  await workspace.rememberPath("to", containerPath);
  const done = await withCancellableProgress(vscode.l10n.t("Copying to {0}", container.name), async (signal) => {
    const all: TransferEvent[] = [];
    for (const { fsPath } of chosen) {
      const options = { engine, containerId: container.id, path: fsPath, containerPath, signal };
      all.push(...(await collect(copyPathIn(options))));
    }
    return all;
  });
  tell(outputs, done);
}

/** Copy From Container…: a file or a folder, into a folder of this machine. */
export async function copyFromContainer(
  { workspace, outputs }: CopyParts,
  { container, engine, folder }: ContainerNode,
): Promise<void> {
  const title = vscode.l10n.t("Copy from {0}", container.name);
  const containerPath = await askForPath({
    title,
    prompt: vscode.l10n.t("Which file or folder of the container?"),
    value: workspace.rememberedPath("from") ?? REMEMBERED.from,
  });
  if (containerPath === undefined) {
    return;
  }
  const [target] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: folder.uri,
      title,
      openLabel: vscode.l10n.t("Copy Here"),
    })) ?? [];
  if (target === undefined) {
    return;
  }
  await workspace.rememberPath("from", containerPath);
  const copied = vscode.Uri.joinPath(target, posix.basename(containerPath));
  const options: CopyPathOptions = { engine, containerId: container.id, path: copied.fsPath, containerPath };
  const done = await withCancellableProgress(vscode.l10n.t("Copying from {0}", container.name), async (signal) =>
    collect(copyPathOut({ ...options, signal })),
  );
  tell(outputs, done, copied);
}

async function askForPath(options: {
  readonly title: string;
  readonly prompt: string;
  readonly value: string;
}): Promise<string | undefined> {
  return vscode.window.showInputBox({
    ...options,
    ignoreFocusOut: true,
    validateInput: (text) =>
      posix.isAbsolute(text) ? undefined : vscode.l10n.t('A path in the container begins with "/".'),
  });
}

/** @param copied what can be shown, if it can. */
function tell(outputs: Outputs, events: readonly TransferEvent[], copied?: vscode.Uri): void {
  for (const event of events) {
    if (event.type === "warning") {
      outputs.log.warn(event.message);
      void vscode.window.showWarningMessage(event.message);
      continue;
    }
    const text = formatTransfer(event);
    outputs.log.info(text);
    const reveal = vscode.l10n.t("Show in Explorer");
    void vscode.window
      .showInformationMessage(text, ...(copied === undefined ? [] : [reveal]))
      .then(async (picked) =>
        picked === reveal ? vscode.commands.executeCommand("revealInExplorer", copied) : undefined,
      );
  }
}

async function collect(events: AsyncIterable<TransferEvent>): Promise<readonly TransferEvent[]> {
  const found: TransferEvent[] = [];
  for await (const event of events) {
    found.push(event);
  }
  return found;
}
