import { discardContainer } from "../container/warm/discardContainer";
import { NoFailedRunError } from "../errors/jobErrors";
import type { ContainerEngine } from "../ports/ContainerEngine";
import { formatEngineAddress } from "../ports/EngineEndpoint";
import { FailedRuns, type FailedRun } from "../task/FailedRuns";
import type { Workspace } from "../Workspace";

export interface DiscardFailedRunOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  readonly cacheFolder: string;
  /** Undefined is the only one that there is. */
  readonly task: string | undefined;
}

export interface DiscardedRun {
  readonly run: FailedRun;
  /** For people: why its container stays. */
  readonly problems: readonly string[];
}

/**
 * Gives a failed run up: its container goes, at once or when nobody uses it any more. Rejects with NoFailedRunError where
 * there is none, or several to choose from.
 */
export async function discardFailedRun(options: DiscardFailedRunOptions): Promise<DiscardedRun> {
  const { engine, workspace, cacheFolder, task } = options;
  const runs = new FailedRuns(cacheFolder, workspace);
  const address = formatEngineAddress(engine.endpoint.address);
  const failed = (await runs.list()).filter((run) => run.engine === address);
  const [run, ...others] = failed.filter((each) => task === undefined || each.task === task);
  if (run === undefined || others.length > 0) {
    throw new NoFailedRunError(
      task,
      failed.flatMap((each) => each.task ?? []),
    );
  }
  const container = { id: run.containerId, name: run.containerName };
  const problems = await discardContainer({ engine, cacheFolder, container });
  if (problems.length === 0) {
    await runs.forget(run.task);
  }
  return { run, problems };
}
