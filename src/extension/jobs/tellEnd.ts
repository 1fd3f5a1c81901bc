import { realpath } from "node:fs/promises";
import * as vscode from "vscode";
import { cacheFolder } from "../../core/cacheFolder";
import { formatStep } from "../../core/job/formatStep";
import { FailedRuns } from "../../core/task/FailedRuns";
import { workspaceOf } from "../../core/Workspace";
import { COMMAND } from "../ids";
import type { FailedTask } from "./FailedTask";
import type { Job, JobState } from "./Job";

const SHOWN_MS = 5_000;

/** Tells, without asking for attention, that a job is over. */
export function tellSuccess({ name }: Job, code: number): void {
  const message = vscode.l10n.t("{0}: exit code {1}", name, code);
  vscode.window.setStatusBarMessage(`$(check) ${message}`, SHOWN_MS);
}

/**
 * Tells of a job that failed, or that was stopped at a pause, and what can be done about it. Resolved once it is on the
 * screen; the answer is dealt with on its own.
 */
export function tellFailure(job: Job, state: JobState, showOutput: () => void): void {
  const actions = actionsFor(job, state, showOutput);
  const labels = actions.map(({ label }) => label);
  const message = messageOf(job, state);
  const picked =
    state.exit === undefined
      ? vscode.window.showInformationMessage(message, ...labels)
      : vscode.window.showErrorMessage(message, ...labels);
  void picked.then((label): unknown => actions.find((action) => action.label === label)?.run());
}

interface Action {
  readonly label: string;
  readonly run: () => unknown;
}

function actionsFor(job: Job, state: JobState, showOutput: () => void): readonly Action[] {
  const { container, failedAt } = state;
  const { folder, task } = job;
  const show = { label: vscode.l10n.t("Show Output"), run: showOutput };
  if (failedAt === undefined || task === undefined || container === undefined) {
    return [show];
  }
  const failed: FailedTask = { folder, task, containerId: container.id };
  const command = async (id: string): Promise<unknown> => vscode.commands.executeCommand(id, failed);
  return [
    {
      label: vscode.l10n.t("Open Shell"),
      run: async () => {
        const since = await recordOf(failed);
        await command(COMMAND.openShell);
        // Whoever has mended something in there wants to go on, unless that was done in another way meanwhile.
        if (since !== undefined && (await recordOf(failed)) === since) {
          tellFailure(job, state, showOutput);
        }
      },
    },
    { label: vscode.l10n.t("Retry from Failed Step"), run: async () => command(COMMAND.retryTask) },
    { label: vscode.l10n.t("Discard"), run: async () => command(COMMAND.discardRun) },
    show,
  ];
}

/** When the failure was written down that is kept of the task now; undefined where there is none. */
async function recordOf({ folder, task, containerId }: FailedTask): Promise<number | undefined> {
  const workspace = workspaceOf(await realpath(folder.uri.fsPath));
  const run = await new FailedRuns(cacheFolder(), workspace).read(task);
  return run?.containerId === containerId ? run.at : undefined;
}

function messageOf({ name }: Job, { failedAt, exit }: JobState): string {
  const step = failedAt === undefined ? "" : formatStep(failedAt);
  if (exit === undefined) {
    return vscode.l10n.t("{0} is stopped before {1}.", name, step);
  }
  const memory = exit.outOfMemory ? ` ${vscode.l10n.t("(out of memory)")}` : "";
  return failedAt === undefined || (failedAt.part === "task" && failedAt.count === 1)
    ? `${vscode.l10n.t("{0}: exit code {1}", name, exit.code)}${memory}`
    : `${vscode.l10n.t("{0}: exit code {1} in {2}", name, exit.code, step)}${memory}`;
}
