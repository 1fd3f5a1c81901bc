import { readRunConfiguration } from "../core/config/readRunConfiguration";
import type { PathsOptions } from "../core/config/resolveUserPath";
import type {
  RunConfiguration,
  StepConfiguration,
  WorkspaceConfiguration,
} from "../core/config/WorkspaceConfiguration";
import type { RunFlags } from "./runFlags";

/**
 * The configuration with what the command line says of the container laid over it: single values take the place of
 * slipway.json's; variables, files, mounts, ports, hosts, labels and capabilities come besides, or instead of the one of the
 * same name, target or port.
 */
export function withRunFlags(
  configuration: WorkspaceConfiguration,
  flags: RunFlags,
  paths: PathsOptions,
): WorkspaceConfiguration {
  const tasks = configuration.tasks.map((task) => ({
    ...task,
    steps: task.steps.map((step) => withStepFlags(step, flags)),
  }));
  return { ...configuration, run: mergeRun(configuration.run, readRunConfiguration(flags.section, paths)), tasks };
}

/** A step with what the command line says of steps, where it says nothing itself. */
function withStepFlags(step: StepConfiguration, { workingDirectory, timeoutMs }: RunFlags): StepConfiguration {
  return {
    ...step,
    ...(workingDirectory === undefined ? {} : { workingDirectory: step.workingDirectory ?? workingDirectory }),
    ...(timeoutMs === undefined ? {} : { timeoutMs: step.timeoutMs ?? timeoutMs }),
  };
}

function mergeRun(run: RunConfiguration, said: RunConfiguration): RunConfiguration {
  const { env, envFiles, ports, mounts, resources, extraHosts, labels, addCapabilities, dropCapabilities, ...single } =
    said;
  return {
    ...run,
    ...single,
    ...(single.securityOptions && { securityOptions: [...(run.securityOptions ?? []), ...single.securityOptions] }),
    // Nothing on the command line says another folder.
    workspaceFolder: run.workspaceFolder,
    env: { ...run.env, ...env },
    ports: byKey(run.ports, ports, ({ containerPort, protocol }) => `${String(containerPort)}/${protocol}`),
    ...(envFiles && { envFiles: [...(run.envFiles ?? []), ...envFiles] }),
    ...(mounts && { mounts: byKey(run.mounts, mounts, ({ target }) => target) }),
    ...(resources && { resources: { ...run.resources, ...resources } }),
    ...(extraHosts && { extraHosts: byKey(run.extraHosts, extraHosts, (host) => host.slice(0, host.indexOf(":"))) }),
    ...(labels && { labels: { ...run.labels, ...labels } }),
    ...(addCapabilities && { addCapabilities: [...(run.addCapabilities ?? []), ...addCapabilities] }),
    ...(dropCapabilities && { dropCapabilities: [...(run.dropCapabilities ?? []), ...dropCapabilities] }),
  };
}

function byKey<T>(configured: readonly T[] | undefined, said: readonly T[], keyOf: (each: T) => string): readonly T[] {
  const replaced = new Set(said.map(keyOf));
  return [...(configured ?? []).filter((each) => !replaced.has(keyOf(each))), ...said];
}
