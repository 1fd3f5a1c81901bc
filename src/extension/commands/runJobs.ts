import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { buildAndRun, buildImage } from "../../core/job/buildAndRun";
import type { JobCommand } from "../../core/job/workOf";
import { askAtPause } from "../jobs/askAtPause";
import type { FailedTask } from "../jobs/FailedTask";
import type { Job } from "../jobs/Job";
import { imageOptions, runOptions, type JobSource } from "../jobs/jobOptions";
import type { JobRunner } from "../jobs/JobRunner";
import type { Outputs } from "../Outputs";
import { reportError } from "../reportError";
import { EditorTerminal } from "../terminals/EditorTerminal";
import type { Shells } from "../terminals/Shells";
import type { WorkspaceAccess } from "../WorkspaceAccess";

export interface JobParts {
  readonly workspace: WorkspaceAccess;
  readonly jobs: JobRunner;
  readonly shells: Shells;
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
  await chooseAndRun(parts, { resource, ask: false });
}

/** Run Task in Container…: asks which. */
export async function runTaskCommand(parts: JobParts, resource: vscode.Uri | undefined): Promise<void> {
  await chooseAndRun(parts, { resource, ask: true });
}

/** Retry Failed Task: goes on in the container that was kept, with the step that failed. */
export async function retryTask(parts: JobParts, { folder, task }: FailedTask): Promise<void> {
  const source = await read(parts, folder);
  if (source !== undefined) {
    await run(parts, source, { command: { kind: "task", name: task }, retry: true });
  }
}

async function chooseAndRun(
  parts: JobParts,
  { resource, ask }: { readonly resource: vscode.Uri | undefined; readonly ask: boolean },
): Promise<void> {
  const source = await open(parts, resource);
  const command = source && (await chooseCommand(source, { workspace: parts.workspace, ask }));
  if (source !== undefined && command !== undefined) {
    await run(parts, source, { command, retry: false });
  }
}

async function run(
  parts: JobParts,
  source: JobSource,
  { command, retry }: { readonly command: JobCommand; readonly retry: boolean },
): Promise<void> {
  const { folder, configuration } = source;
  const task = command.kind === "task" ? command.name : undefined;
  const name = task ?? vscode.l10n.t("the image's command");
  const options = runOptions(source, parts.session);
  const openShell = (): void => {
    void parts.shells.start({ ...source, container: undefined, task });
  };
  const jobIn = (terminal: EditorTerminal | undefined): Job => ({
    ...{ folder, name, task, terminal },
    title: vscode.l10n.t("Running {0}", name),
    start: (engine, signal) =>
      buildAndRun({
        ...options,
        ...{ engine, command, retry, terminal, signal },
        // What the image's command has left is to be looked at; other containers are warm.
        keep: command.kind === "image",
        pause: async (step) => askAtPause(step, { openShell, signal }),
      }),
  });
  if (configuration.tasks.find((each) => each.name === task)?.interactive !== true) {
    await parts.jobs.run(jobIn(undefined));
    return;
  }
  const terminal = new EditorTerminal({
    name: vscode.l10n.t("Slipway: {0}", name),
    closes: "key",
    start: (started) => {
      void parts.jobs.run(jobIn(started));
    },
  });
  terminal.show();
}

/** Build Image, Rebuild Image and Rebuild Without Cache. */
export async function buildImageCommand(
  parts: JobParts,
  resource: vscode.Uri | undefined,
  how: { readonly force?: true; readonly noCache?: true } = {},
): Promise<void> {
  const source = await open(parts, resource);
  if (source === undefined) {
    return;
  }
  const { folder } = source;
  await parts.jobs.run({
    folder,
    name: vscode.l10n.t("image"),
    title: vscode.l10n.t("Building the image"),
    task: undefined,
    start: (engine, signal) => buildImage({ ...imageOptions(source), ...how, engine, signal }),
  });
}

async function open(parts: JobParts, resource: vscode.Uri | undefined): Promise<JobSource | undefined> {
  const folder = await parts.workspace.pickFolder(resource);
  return folder === undefined ? undefined : read(parts, folder);
}

async function read({ workspace, outputs }: JobParts, folder: vscode.WorkspaceFolder): Promise<JobSource | undefined> {
  try {
    const configuration = await workspace.readOrAsk(folder);
    return configuration === undefined ? undefined : { folder, configuration };
  } catch (error) {
    reportError(error, outputs, folder);
    return undefined;
  }
}

async function chooseCommand(
  { folder, configuration }: JobSource,
  { workspace, ask }: { readonly workspace: WorkspaceAccess; readonly ask: boolean },
): Promise<JobCommand | undefined> {
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
  const items = configuration.tasks.map(({ name, steps }) => ({
    label: name,
    description: steps.map(({ command }) => command.join(" ")).join(", "),
  }));
  const picked = await vscode.window.showQuickPick(items, { title });
  if (picked === undefined) {
    return undefined;
  }
  await workspace.rememberTask(folder, picked.label);
  return { kind: "task", name: picked.label };
}
