import * as vscode from "vscode";
import type { ImageStatuses } from "../ImageStatuses";
import type { Outputs } from "../Outputs";
import { fileOf } from "../Problems";
import { reportError } from "../reportError";
import { questionFor, type ConfigurationChoice, type WorkspaceAccess } from "../WorkspaceAccess";

export interface ChooseDockerfileParts {
  readonly workspace: WorkspaceAccess;
  readonly statuses: ImageStatuses;
  readonly outputs: Outputs;
}

/** Choose Dockerfile…: which of several at the folder's root, or which dev container, is built from now on. */
export async function chooseDockerfileCommand(
  parts: ChooseDockerfileParts,
  resource: vscode.Uri | undefined,
): Promise<void> {
  const folder = await parts.workspace.pickFolder(resource);
  if (folder === undefined) {
    return;
  }
  try {
    await chooseDockerfile(parts, folder);
  } catch (error) {
    reportError(error, parts.outputs, folder);
  }
}

async function chooseDockerfile(
  { workspace, statuses }: ChooseDockerfileParts,
  folder: vscode.WorkspaceFolder,
): Promise<void> {
  const { kind, candidates, current } = await workspace.choices(folder);
  const [first] = candidates;
  if (first === undefined || candidates.length === 1) {
    void vscode.window.showInformationMessage(nothingToChoose(kind, folder.name, first));
    return;
  }
  const items = candidates.map((label) =>
    label === current ? { label, description: vscode.l10n.t("current") } : { label },
  );
  const picked = await vscode.window.showQuickPick(items, { title: questionFor(kind) });
  if (picked === undefined) {
    return;
  }
  const source = await workspace.choose(folder, picked.label);
  if (source === undefined) {
    void statuses.of(folder).refresh();
    return;
  }
  const open = vscode.l10n.t("Open {0}", source);
  const message = vscode.l10n.t("{0} says what is built, and that comes first. Change it there.", source);
  void vscode.window.showInformationMessage(message, open).then(async (answer) => {
    if (answer === open) {
      await vscode.window.showTextDocument(fileOf(folder, source));
    }
  });
}

function nothingToChoose(kind: ConfigurationChoice["kind"], folder: string, only: string | undefined): string {
  if (only === undefined) {
    return vscode.l10n.t("There is no Dockerfile or Containerfile at the root of {0}.", folder);
  }
  return kind === "Dockerfile"
    ? vscode.l10n.t("There is only one Dockerfile at the root of {0}: {1}.", folder, only)
    : vscode.l10n.t("There is only one dev container in {0}: {1}.", folder, only);
}
