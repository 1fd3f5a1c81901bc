import * as vscode from "vscode";
import { CONFIGURATION_FILE } from "../../core/config/readWorkspaceConfiguration";
import type { ImageStatuses } from "../ImageStatuses";
import type { Outputs } from "../Outputs";
import { fileOf } from "../Problems";
import { reportError } from "../reportError";
import type { WorkspaceAccess } from "../WorkspaceAccess";

export interface ChooseDockerfileParts {
  readonly workspace: WorkspaceAccess;
  readonly statuses: ImageStatuses;
  readonly outputs: Outputs;
}

/** Choose Dockerfile…: which of several at the folder's root is built from now on. */
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
  const { candidates, current } = await workspace.dockerfiles(folder);
  const [first] = candidates;
  if (first === undefined || candidates.length === 1) {
    const message =
      first === undefined
        ? vscode.l10n.t("There is no Dockerfile or Containerfile at the root of {0}.", folder.name)
        : vscode.l10n.t("There is only one Dockerfile at the root of {0}: {1}.", folder.name, first);
    void vscode.window.showInformationMessage(message);
    return;
  }
  const items = candidates.map((label) =>
    label === current ? { label, description: vscode.l10n.t("current") } : { label },
  );
  const title = vscode.l10n.t("Which Dockerfile? Your answer is remembered for this workspace.");
  const picked = await vscode.window.showQuickPick(items, { title });
  if (picked === undefined) {
    return;
  }
  if (await workspace.chooseDockerfile(folder, picked.label)) {
    void statuses.of(folder).refresh();
    return;
  }
  const open = vscode.l10n.t("Open {0}", CONFIGURATION_FILE);
  const message = vscode.l10n.t("{0} says what is built, and that comes first. Change it there.", CONFIGURATION_FILE);
  void vscode.window.showInformationMessage(message, open).then(async (answer) => {
    if (answer === open) {
      await vscode.window.showTextDocument(fileOf(folder, CONFIGURATION_FILE));
    }
  });
}
