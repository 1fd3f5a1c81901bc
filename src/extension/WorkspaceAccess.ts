import * as vscode from "vscode";
import { z } from "zod";
import type { WorkspaceConfiguration } from "../core/config/WorkspaceConfiguration";
import { listDockerfiles } from "../core/config/findDockerfile";
import { displayPath, readWorkspaceConfiguration } from "../core/config/readWorkspaceConfiguration";
import {
  AmbiguousDockerfileError,
  InvalidConfigurationError,
  WorkspaceError,
} from "../core/errors/configurationErrors";
import { SETTING } from "./ids";
import { readSetting } from "./readSetting";
import type { Problems } from "./Problems";

const REMEMBERED_DOCKERFILE = "slipway.dockerfile";
const REMEMBERED_TASK = "slipway.task";

/** The window's folders, what they ask for, and what was answered when several things were possible. */
export class WorkspaceAccess {
  private lastActive: string | undefined;

  constructor(
    private readonly memory: vscode.Memento,
    private readonly problems: Problems,
  ) {}

  /** Those on this machine's disk. */
  folders(): readonly vscode.WorkspaceFolder[] {
    return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  }

  /** The folder of the active editor, else the one before: the output panel is an editor, too. In the end the first. */
  currentFolder(): vscode.WorkspaceFolder | undefined {
    const document = vscode.window.activeTextEditor?.document.uri;
    const active = document === undefined ? undefined : this.folderOf(document);
    this.lastActive = active?.uri.toString() ?? this.lastActive;
    const folders = this.folders();
    return active ?? folders.find(({ uri }) => uri.toString() === this.lastActive) ?? folders[0];
  }

  /**
   * Asks only when there are several and nothing says which.
   *
   * @param resource the folder that is meant, or something in it.
   * @returns undefined when the question was dismissed.
   */
  async pickFolder(resource: vscode.Uri | undefined): Promise<vscode.WorkspaceFolder | undefined> {
    const folders = this.folders();
    const meant = resource === undefined ? undefined : this.folderOf(resource);
    if (meant !== undefined) {
      return meant;
    }
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

  /**
   * What the folder asks for; mistakes in slipway.json are also shown in the Problems view.
   *
   * @param dockerfile which of several to take when nothing else decides: by default the one that was chosen last.
   */
  async read(
    folder: vscode.WorkspaceFolder,
    dockerfile = this.memory.get<string>(keyOf(REMEMBERED_DOCKERFILE, folder)),
  ): Promise<WorkspaceConfiguration> {
    try {
      const configuration = await readWorkspaceConfiguration({
        folder: folder.uri.fsPath,
        defaultImage: readSetting(SETTING.defaultImage, z.string(), folder.uri),
        noCache: readSetting(SETTING.noCache, z.boolean(), folder.uri),
        dockerfile: dockerfile === undefined ? undefined : { path: dockerfile, explicit: false },
      });
      this.problems.showConfiguration(folder, []);
      return configuration;
    } catch (error) {
      // When something else is wrong, the mistakes that are shown from before are no longer there.
      this.problems.showConfiguration(folder, error instanceof InvalidConfigurationError ? error.problems : []);
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

  /** The Dockerfiles to choose from, and the one that is built as things stand, if that is certain. */
  async dockerfiles(
    folder: vscode.WorkspaceFolder,
  ): Promise<{ readonly candidates: readonly string[]; readonly current: string | undefined }> {
    const candidates = await listDockerfiles(folder.uri.fsPath);
    try {
      return { candidates, current: dockerfileOf(await this.read(folder)) };
    } catch (error) {
      if (!(error instanceof AmbiguousDockerfileError)) {
        throw error;
      }
      return { candidates, current: undefined };
    }
  }

  /** Remembers which Dockerfile to build. @returns false when slipway.json decides that and the choice has no effect. */
  async chooseDockerfile(folder: vscode.WorkspaceFolder, dockerfile: string): Promise<boolean> {
    if (dockerfileOf(await this.read(folder, dockerfile)) !== dockerfile) {
      return false;
    }
    await this.memory.update(keyOf(REMEMBERED_DOCKERFILE, folder), dockerfile);
    return true;
  }

  rememberedTask(folder: vscode.WorkspaceFolder): string | undefined {
    return this.memory.get<string>(keyOf(REMEMBERED_TASK, folder));
  }

  async rememberTask(folder: vscode.WorkspaceFolder, task: string): Promise<void> {
    await this.memory.update(keyOf(REMEMBERED_TASK, folder), task);
  }

  private folderOf(resource: vscode.Uri): vscode.WorkspaceFolder | undefined {
    const folder = vscode.workspace.getWorkspaceFolder(resource)?.uri.toString();
    return this.folders().find(({ uri }) => uri.toString() === folder);
  }
}

function dockerfileOf({ folder, image }: WorkspaceConfiguration): string | undefined {
  return image.kind === "build" ? displayPath(folder, image.build.dockerfile) : undefined;
}

function keyOf(what: string, folder: vscode.WorkspaceFolder): string {
  return `${what} ${folder.uri.toString()}`;
}
