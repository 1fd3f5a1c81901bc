import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { z } from "zod";
import { cacheFolder } from "../../core/cacheFolder";
import type { WorkspaceConfiguration } from "../../core/config/WorkspaceConfiguration";
import { buildAndRun, buildImage, type JobCommand } from "../../core/job/buildAndRun";
import { readBuildSettings } from "../buildSettings";
import { readNetwork } from "../networkReader";
import { SETTING } from "../ids";
import type { JobRunner } from "../JobRunner";
import { readSetting } from "../readSetting";
import type { Outputs } from "../Outputs";
import { reportError } from "../reportError";
import type { WorkspaceAccess } from "../WorkspaceAccess";

export interface JobParts {
  readonly workspace: WorkspaceAccess;
  readonly jobs: JobRunner;
  readonly outputs: Outputs;
  /** Names this run of the editor on what it makes. */
  readonly session: string;
}

/** Names a run of the editor. */
export function newSession(): string {
  return randomUUID();
}

/**
 * Build & Run in Container: the only task, or the one that was chosen last, or the image's own command.
 *
 * @param resource as for all jobs: the folder that is meant, or something in it. Undefined asks when there are several.
 */
export async function buildAndRunCommand(parts: JobParts, resource: vscode.Uri | undefined): Promise<void> {
  await runTask(parts, { resource, ask: false });
}

/** Run Task in Container…: asks which. */
export async function runTaskCommand(parts: JobParts, resource: vscode.Uri | undefined): Promise<void> {
  await runTask(parts, { resource, ask: true });
}

async function runTask(
  parts: JobParts,
  { resource, ask }: { readonly resource: vscode.Uri | undefined; readonly ask: boolean },
): Promise<void> {
  const { workspace, jobs, session } = parts;
  const opened = await open(parts, resource);
  if (opened === undefined) {
    return;
  }
  const { folder, configuration } = opened;
  const command = await chooseCommand({ workspace, folder, configuration, ask });
  if (command === undefined) {
    return;
  }
  const name = command.kind === "task" ? command.name : vscode.l10n.t("the image's command");
  await jobs.run({
    folder,
    name,
    title: vscode.l10n.t("Running {0}", name),
    start: (engine, signal) =>
      buildAndRun({
        engine,
        configuration,
        cacheFolder: cacheFolder(),
        network: readNetwork,
        ...readBuildSettings(folder),
        command,
        session,
        keep: true,
        relabel: relabelSetting(),
        signal,
      }),
  });
}

function relabelSetting(): "shared" | "private" | undefined {
  const value = readSetting(SETTING.selinuxRelabel, z.enum(["none", "shared", "private"]));
  return value === "none" ? undefined : value;
}

/** Build Image, Rebuild Image and Rebuild Without Cache. */
export async function buildImageCommand(
  parts: JobParts,
  resource: vscode.Uri | undefined,
  how: { readonly force?: true; readonly noCache?: true } = {},
): Promise<void> {
  const opened = await open(parts, resource);
  if (opened === undefined) {
    return;
  }
  const { folder, configuration } = opened;
  await parts.jobs.run({
    folder,
    name: vscode.l10n.t("image"),
    title: vscode.l10n.t("Building the image"),
    start: (engine, signal) =>
      buildImage({
        engine,
        configuration,
        cacheFolder: cacheFolder(),
        network: readNetwork,
        ...readBuildSettings(folder),
        ...how,
        signal,
      }),
  });
}

interface Opened {
  readonly folder: vscode.WorkspaceFolder;
  readonly configuration: WorkspaceConfiguration;
}

async function open({ workspace, outputs }: JobParts, resource: vscode.Uri | undefined): Promise<Opened | undefined> {
  const folder = await workspace.pickFolder(resource);
  if (folder === undefined) {
    return undefined;
  }
  try {
    const configuration = await workspace.readOrAsk(folder);
    return configuration === undefined ? undefined : { folder, configuration };
  } catch (error) {
    reportError(error, outputs, folder);
    return undefined;
  }
}

async function chooseCommand(
  options: Opened & {
    readonly workspace: WorkspaceAccess;
    readonly ask: boolean;
  },
): Promise<JobCommand | undefined> {
  const { workspace, folder, configuration, ask } = options;
  const names = configuration.tasks.map(({ name }) => name);
  const remembered = workspace.rememberedTask(folder);
  const known = names.length === 1 ? names[0] : names.find((name) => name === remembered);
  if (names.length === 0) {
    return { kind: "image" };
  }
  if (known !== undefined && !ask) {
    return { kind: "task", name: known };
  }
  const title = vscode.l10n.t("Which task? Build & Run in Container runs it again until you choose another here.");
  const items = configuration.tasks.map(({ name, command }) => ({ label: name, description: command.join(" ") }));
  const picked = await vscode.window.showQuickPick(items, { title });
  if (picked === undefined) {
    return undefined;
  }
  await workspace.rememberTask(folder, picked.label);
  return { kind: "task", name: picked.label };
}
