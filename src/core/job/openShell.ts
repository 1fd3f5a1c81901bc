import { ContainerManager } from "../container/ContainerManager";
import { ContainerNotFoundError } from "../errors/containerErrors";
import { isEngineAway } from "../errors/engineErrors";
import type { ContainerSummary } from "../ports/ContainerTypes";
import { formatEngineAddress } from "../ports/EngineEndpoint";
import { FailedRuns, type FailedRun } from "../task/FailedRuns";
import { runSteps } from "../task/TaskRunner";
import { workspaceOf } from "../Workspace";
import { buildAndRun, type BuildAndRunOptions } from "./buildAndRun";
import type { JobEvent } from "./JobEvent";
import { leaseWarm } from "./leaseWarm";
import { workOf, type JobCommand } from "./workOf";

export interface OpenShellOptions extends Omit<BuildAndRunOptions, "command" | "keep" | "remove" | "retry" | "pause"> {
  readonly command: JobCommand & { readonly kind: "shell" };
  /** Name or ID of a container of the workspace; undefined is that of the failed run, else the warm one. */
  readonly container?: string | undefined;
}

/**
 * A shell, or another command, where the workspace's tasks run: in the container of the failed run (of the task that is
 * named, else of the last one), else in the warm one, which is made and set up where need be. One that has ended by itself
 * meanwhile is started again.
 */
export async function* openShell(options: OpenShellOptions): AsyncGenerator<JobEvent> {
  const { engine, configuration, signal } = options;
  const manager = new ContainerManager(engine, workspaceOf(configuration.folder));
  const id = options.container ?? (options.fresh === true ? undefined : await failedContainer(options, manager));
  if (id === undefined) {
    yield* buildAndRun({ ...options, keep: false });
    return;
  }
  await manager.start(id, { signal });
  const container = await manager.get(id, { signal });
  const lease = await leaseWarm(engine, options.cacheFolder, container);
  let lost = false;
  let problems: readonly string[];
  try {
    yield* runIn(options, container);
  } catch (error) {
    lost = isEngineAway(error);
    throw error;
  } finally {
    problems = await lease.release({ lost });
  }
  for (const message of problems) {
    yield { type: "warning", message };
  }
}

async function* runIn(
  { engine, configuration, command, terminal, graceMs, signal }: OpenShellOptions,
  { id, name, ports }: ContainerSummary,
): AsyncGenerator<JobEvent> {
  const work = workOf(configuration, command);
  yield { type: "container", id, name, ports, reused: true, durationMs: 0 };
  const outcome = yield* runSteps({
    engine,
    container: { id, name, user: undefined, workspaceFolder: configuration.run.workspaceFolder },
    ...{ part: "task", steps: work?.steps ?? [], env: work?.env, terminal, graceMs, signal },
  });
  if (outcome.kind !== "stopped") {
    yield { type: "exit", ...outcome.exit };
  }
}

async function failedContainer(options: OpenShellOptions, manager: ContainerManager): Promise<string | undefined> {
  const { engine, cacheFolder, configuration, command, signal } = options;
  const runs = new FailedRuns(cacheFolder, workspaceOf(configuration.folder));
  const address = formatEngineAddress(engine.endpoint.address);
  const failed = (command.task === undefined ? await runs.list() : [await runs.read(command.task)]).filter(
    (run): run is FailedRun => run?.engine === address,
  );
  for (const { containerId } of failed) {
    try {
      return (await manager.inspect(containerId, { signal })).id;
    } catch (error) {
      if (!(error instanceof ContainerNotFoundError)) {
        throw error;
      }
    }
  }
  return undefined;
}
