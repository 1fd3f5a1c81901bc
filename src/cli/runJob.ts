import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { cacheFolder } from "../core/cacheFolder";
import type { WorkspaceConfiguration } from "../core/config/WorkspaceConfiguration";
import { UnknownTaskError } from "../core/errors/configurationErrors";
import { buildAndRun, buildImage } from "../core/job/buildAndRun";
import { openShell, type OpenShellOptions } from "../core/job/openShell";
import type { JobCommand } from "../core/job/workOf";
import type { StepTerminal } from "../core/task/StepTerminal";
import { askAtPause } from "./askAtPause";
import type { CliCommand, ContainerOptions, ImageOptions, RunCommand, ShellCommand } from "./CliCommand";
import { networkReader } from "./networkReader";
import { openConfiguration, openContainerConfiguration, openEngine } from "./openWorkspace";
import { ownTerminal } from "./ownTerminal";
import { showJob } from "./showJob";
import { UsageError } from "./UsageError";

/** `slipway build`. @returns the exit code. */
export async function runBuild(options: CliCommand & { readonly name: "build" }, signal: AbortSignal): Promise<number> {
  const configuration = await openConfiguration(options);
  const events = buildImage(await imageOptions(options, configuration, signal));
  return showJob(events, { json: options.json, task: undefined, runs: false });
}

/** `slipway run`. @returns the exit code. */
export async function runCommand(options: RunCommand, signal: AbortSignal): Promise<number> {
  const { json, keep, remove, retry } = options;
  const configuration = withPauses(await openContainerConfiguration(options), options.pause);
  const command = chooseCommand(configuration, options);
  requireSteps(command, options);
  const task = command.kind === "task" ? command.name : undefined;
  const terminal = terminalFor(options, configuration, task);
  const events = buildAndRun({
    ...(await containerOptions(options, configuration, signal)),
    ...{ command, keep, remove, retry, terminal },
    // Of somebody who cannot answer, nothing is asked.
    pause: process.stdin.isTTY && process.stderr.isTTY ? askAtPause : undefined,
  });
  return showJob(events, { json, task, runs: true });
}

/** `slipway shell`. @returns the exit code of what ran. */
export async function runShell(options: ShellCommand, signal: AbortSignal): Promise<number> {
  const { task, command, container, json } = options;
  const terminal = ownTerminal();
  if (terminal === undefined && command === undefined) {
    throw new UsageError('A shell needs a terminal: stdin and stdout must both be one. Write a command after "--".');
  }
  const configuration = await openContainerConfiguration(options);
  const shell: OpenShellOptions = {
    ...(await containerOptions(options, configuration, signal)),
    ...{ command: { kind: "shell", task, command }, container, terminal },
  };
  return showJob(openShell(shell), { json, task: undefined, runs: true });
}

/** The only task there is needs no name. */
function chooseCommand({ tasks }: WorkspaceConfiguration, { task, command, run }: RunCommand): JobCommand {
  if (command !== undefined) {
    const { workingDirectory, timeoutMs } = run;
    return { kind: "command", command, workingDirectory, timeoutMs };
  }
  if (task === undefined && tasks.length > 1) {
    throw new UnknownTaskError(
      undefined,
      tasks.map(({ name }) => name),
    );
  }
  const name = task ?? tasks[0]?.name;
  return name === undefined ? { kind: "image" } : { kind: "task", name };
}

/** The image's own command is no step, and so none of these would mean anything. */
function requireSteps({ kind }: JobCommand, { interactive, retry, pause, run }: RunCommand): void {
  const [option] = Object.entries({
    "--interactive": interactive,
    "--retry": retry,
    "--pause": pause,
    "--workdir": run.workingDirectory !== undefined,
    "--timeout": run.timeoutMs !== undefined,
  }).find(([, given]) => given) ?? [undefined];
  if (kind === "image" && option !== undefined) {
    throw new UsageError(
      `${option} is for tasks and commands, and slipway.json has no task. Write a command after "--": the image's own ` +
        "runs without.",
    );
  }
}

/** What slipway.json says is interactive, goes on without a terminal where there is none; what is asked for here does not. */
function terminalFor(
  { interactive, json }: RunCommand,
  { tasks }: WorkspaceConfiguration,
  task: string | undefined,
): StepTerminal | undefined {
  const terminal = json ? undefined : ownTerminal();
  if (interactive && terminal === undefined) {
    throw new UsageError("--interactive needs a terminal: stdin and stdout must both be one.");
  }
  const configured = tasks.find(({ name }) => name === task)?.interactive === true;
  return interactive || configured ? terminal : undefined;
}

function withPauses(configuration: WorkspaceConfiguration, everywhere: boolean): WorkspaceConfiguration {
  return everywhere
    ? {
        ...configuration,
        tasks: configuration.tasks.map((task) => ({
          ...task,
          steps: task.steps.map((step) => ({ ...step, pause: true })),
        })),
      }
    : configuration;
}

async function containerOptions(options: ContainerOptions, configuration: WorkspaceConfiguration, signal: AbortSignal) {
  const { fresh, selinuxRelabel: relabel, allowMount } = options;
  return {
    ...(await imageOptions(options, configuration, signal)),
    ...{ session: randomUUID(), fresh, relabel, allowedFolders: allowMount.map((folder) => resolve(folder)) },
  };
}

async function imageOptions(options: ImageOptions, configuration: WorkspaceConfiguration, signal: AbortSignal) {
  const engine = await openEngine(options, signal);
  const { forceRebuild: force, noCache } = options;
  const { pull } = options.build;
  const network = networkReader(options);
  return { engine, configuration, cacheFolder: cacheFolder(), network, force, noCache, pull, signal };
}
