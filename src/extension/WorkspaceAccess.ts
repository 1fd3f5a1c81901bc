import * as vscode from "vscode";
import { z } from "zod";
import type { WorkspaceConfiguration } from "../core/config/WorkspaceConfiguration";
import { isDevcontainerPath, listDevcontainers } from "../core/config/devcontainer/findDevcontainer";
import { listDockerfiles } from "../core/config/findDockerfile";
import { parseDuration } from "../core/config/parseDuration";
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
const REMEMBERED_CONTAINER = "slipway.container";
const REMEMBERED_PATH = { to: "slipway.copyTo", from: "slipway.copyFrom" } as const;

/** Several files of one kind, of which one says what is built. */
export interface ConfigurationChoice {
  readonly kind: "Dockerfile" | "devcontainer";
  readonly candidates: readonly string[];
  /** The one that counts as things stand, if that is certain. */
  readonly current: string | undefined;
}

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
   * What the folder asks for; mistakes in slipway.json or devcontainer.json are also shown in the Problems view.
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
      const { run } = configuration;
      return { ...configuration, run: { ...run, keepWarmMs: run.keepWarmMs ?? keepWarmSetting(folder) } };
    } catch (error) {
      // When something else is wrong, the mistakes that are shown from before are no longer there.
      this.problems.showConfiguration(folder, error instanceof InvalidConfigurationError ? error.problems : []);
      throw error;
    }
  }

  /** Like read, but asks once which of several Dockerfiles, or dev containers, to build. @returns undefined when that was dismissed. */
  async readOrAsk(folder: vscode.WorkspaceFolder): Promise<WorkspaceConfiguration | undefined> {
    try {
      return await this.read(folder);
    } catch (error) {
      if (!(error instanceof AmbiguousDockerfileError)) {
        throw error;
      }
      const { candidates } = error;
      const title = questionFor(candidates.some(isDevcontainerPath) ? "devcontainer" : "Dockerfile");
      const picked = await vscode.window.showQuickPick([...candidates], { title });
      if (picked === undefined) {
        return undefined;
      }
      await this.memory.update(keyOf(REMEMBERED_DOCKERFILE, folder), picked);
      return this.read(folder);
    }
  }

  /** What there is to choose from: dev containers where they decide, else Dockerfiles. */
  async choices(folder: vscode.WorkspaceFolder): Promise<ConfigurationChoice> {
    let source: string | undefined;
    let dockerfile: string | undefined;
    let ambiguous: readonly string[] = [];
    try {
      const configuration = await this.read(folder);
      source = configuration.source;
      dockerfile = dockerfileOf(configuration);
    } catch (error) {
      if (!(error instanceof AmbiguousDockerfileError)) {
        throw error;
      }
      ambiguous = error.candidates;
    }
    const { fsPath } = folder.uri;
    return [...ambiguous, source ?? ""].some(isDevcontainerPath)
      ? { kind: "devcontainer", candidates: await listDevcontainers(fsPath), current: source }
      : { kind: "Dockerfile", candidates: await listDockerfiles(fsPath), current: dockerfile };
  }

  /**
   * Remembers which file says what is built. @returns undefined, or what decides instead, so that the choice has no effect.
   */
  async choose(folder: vscode.WorkspaceFolder, choice: string): Promise<string | undefined> {
    const configuration = await this.read(folder, choice);
    if (configuration.source !== choice && dockerfileOf(configuration) !== choice) {
      return configuration.source;
    }
    await this.memory.update(keyOf(REMEMBERED_DOCKERFILE, folder), choice);
    return undefined;
  }

  rememberedTask(folder: vscode.WorkspaceFolder): string | undefined {
    return this.memory.get<string>(keyOf(REMEMBERED_TASK, folder));
  }

  async rememberTask(folder: vscode.WorkspaceFolder, task: string): Promise<void> {
    await this.memory.update(keyOf(REMEMBERED_TASK, folder), task);
  }

  /** Name of the container that was chosen last. */
  rememberedContainer(): string | undefined {
    return this.memory.get<string>(REMEMBERED_CONTAINER);
  }

  async rememberContainer(name: string): Promise<void> {
    await this.memory.update(REMEMBERED_CONTAINER, name);
  }

  /** The path in a container that was copied to, or from, last. */
  rememberedPath(direction: keyof typeof REMEMBERED_PATH): string | undefined {
    return this.memory.get<string>(REMEMBERED_PATH[direction]);
  }

  async rememberPath(direction: keyof typeof REMEMBERED_PATH, path: string): Promise<void> {
    await this.memory.update(REMEMBERED_PATH[direction], path);
  }

  private folderOf(resource: vscode.Uri): vscode.WorkspaceFolder | undefined {
    const folder = vscode.workspace.getWorkspaceFolder(resource)?.uri.toString();
    return this.folders().find(({ uri }) => uri.toString() === folder);
  }
}

export function questionFor(kind: ConfigurationChoice["kind"]): string {
  return kind === "Dockerfile"
    ? vscode.l10n.t("Which Dockerfile? Your answer is remembered for this workspace.")
    : vscode.l10n.t("Which dev container? Your answer is remembered for this workspace.");
}

/** Throws WorkspaceError. */
function keepWarmSetting(folder: vscode.WorkspaceFolder): number {
  const value = readSetting(SETTING.keepWarm, z.string(), folder.uri);
  const duration = parseDuration(value);
  if (typeof duration !== "number") {
    throw new WorkspaceError(
      vscode.l10n.t(
        "The setting {0} is not valid: {1}. Mend it in your settings.",
        "slipway.keepWarm",
        duration.problem,
      ),
    );
  }
  return duration;
}

function dockerfileOf({ folder, image }: WorkspaceConfiguration): string | undefined {
  return image.kind === "build" ? displayPath(folder, image.build.dockerfile) : undefined;
}

function keyOf(what: string, folder: vscode.WorkspaceFolder): string {
  return `${what} ${folder.uri.toString()}`;
}
