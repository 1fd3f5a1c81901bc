import * as vscode from "vscode";
import type { WorkspaceConfiguration } from "../core/config/WorkspaceConfiguration";
import { readWorkspaceConfiguration } from "../core/config/readWorkspaceConfiguration";
import { AmbiguousDockerfileError, InvalidConfigurationError, WorkspaceError } from "../core/errors";
import { SETTING } from "./ids";
import type { Problems } from "./Problems";

const REMEMBERED_DOCKERFILE = "slipway.dockerfile";
const REMEMBERED_TASK = "slipway.task";

/** The window's folders, what they ask for, and what was answered when several things were possible. */
export class WorkspaceAccess {
  constructor(
    private readonly memory: vscode.Memento,
    private readonly problems: Problems,
  ) {}

  /** Those on this machine's disk. */
  folders(): readonly vscode.WorkspaceFolder[] {
    return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  }

  /** The folder of the active editor, else the first. */
  currentFolder(): vscode.WorkspaceFolder | undefined {
    const document = vscode.window.activeTextEditor?.document.uri;
    const active = document === undefined ? undefined : vscode.workspace.getWorkspaceFolder(document);
    return this.folders().find(({ uri }) => uri.toString() === active?.uri.toString()) ?? this.folders()[0];
  }

  /** Asks only when there are several. @returns undefined when the question was dismissed. */
  async pickFolder(): Promise<vscode.WorkspaceFolder | undefined> {
    const folders = this.folders();
    if (folders.length === 0) {
      throw new WorkspaceError(
        vscode.l10n.t("Open a folder with a Dockerfile first: Slipway builds the folder that is open."),
      );
    }
    if (folders.length === 1) {
      return folders[0];
    }
    const items = folders.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder }));
    const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Which folder?") });
    return picked?.folder;
  }

  /** What the folder asks for; mistakes in slipway.json are also shown in the Problems view. */
  async read(folder: vscode.WorkspaceFolder): Promise<WorkspaceConfiguration> {
    const remembered = this.memory.get<string>(keyOf(REMEMBERED_DOCKERFILE, folder));
    const settings = vscode.workspace.getConfiguration(SETTING.section, folder.uri);
    try {
      const configuration = await readWorkspaceConfiguration({
        folder: folder.uri.fsPath,
        defaultImage: settings.get<string>(SETTING.defaultImage),
        dockerfile: remembered === undefined ? undefined : { path: remembered, explicit: false },
      });
      this.problems.showConfiguration(folder, []);
      return configuration;
    } catch (error) {
      if (error instanceof InvalidConfigurationError) {
        this.problems.showConfiguration(folder, error.problems);
      }
      throw error;
    }
  }

  /** Like read, but asks once which of several Dockerfiles to build. @returns undefined when that was dismissed. */
  async readOrAsk(folder: vscode.WorkspaceFolder): Promise<WorkspaceConfiguration | undefined> {
    try {
      return await this.read(folder);
    } catch (error) {
      if (!(error instanceof AmbiguousDockerfileError)) {
        throw error;
      }
      const title = vscode.l10n.t("Which Dockerfile? Your answer is remembered for this workspace.");
      const picked = await vscode.window.showQuickPick([...error.candidates], { title });
      if (picked === undefined) {
        return undefined;
      }
      await this.memory.update(keyOf(REMEMBERED_DOCKERFILE, folder), picked);
      return this.read(folder);
    }
  }

  rememberedTask(folder: vscode.WorkspaceFolder): string | undefined {
    return this.memory.get<string>(keyOf(REMEMBERED_TASK, folder));
  }

  async rememberTask(folder: vscode.WorkspaceFolder, task: string): Promise<void> {
    await this.memory.update(keyOf(REMEMBERED_TASK, folder), task);
  }
}

function keyOf(what: string, folder: vscode.WorkspaceFolder): string {
  return `${what} ${folder.uri.toString()}`;
}
