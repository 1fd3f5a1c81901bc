import type { SetupConfiguration } from "../config/WorkspaceConfiguration";
import type { AcquiredContainer } from "../container/warm/acquireContainer";
import { setupDigest } from "../task/setupDigest";
import type { StepsOutcome } from "../task/StepsOutcome";
import type { TaskEvent } from "../task/TaskEvent";
import { runSteps } from "../task/TaskRunner";
import type { RunJob } from "./RunJob";

/**
 * Sets the container up, once, and again when an input of that has changed.
 *
 * @param completed how many steps a failed try has done in this container.
 * @returns undefined when there was nothing to do.
 */
export async function* setUpContainer(
  job: RunJob,
  container: AcquiredContainer,
  completed: number,
): AsyncGenerator<TaskEvent, StepsOutcome | undefined> {
  const { configuration, cacheFolder, signal } = job.options;
  const steps = configuration.setup ?? [];
  if (steps.length === 0) {
    return undefined;
  }
  // Of the inputs as they are before: what changes while it is done, has it done again.
  const digest = await setupDigest({ steps, workspace: job.workspace, cacheFolder, signal });
  if ((await container.setup.read()) === digest) {
    yield* skipped(steps);
    return undefined;
  }
  const lock = await container.setup.lock(signal);
  try {
    if ((await container.setup.read()) === digest) {
      yield* skipped(steps);
      return undefined;
    }
    const outcome = yield* job.clock.time("setup", run(job, container, completed));
    if (outcome.kind === "succeeded") {
      await container.setup.write(digest);
    }
    return outcome;
  } finally {
    await lock.release();
  }
}

function run(job: RunJob, { id, name }: AcquiredContainer, completed: number): ReturnType<typeof runSteps> {
  const { options, prepared } = job;
  const { engine, configuration, pause, graceMs, signal } = options;
  const { workspaceFolder } = configuration.run;
  return runSteps({
    engine,
    container: { id, name, user: prepared.execUser, workspaceFolder },
    ...{ part: "setup", steps: configuration.setup ?? [], completed, pause, graceMs, signal },
  });
}

function* skipped(steps: readonly SetupConfiguration[]): Generator<TaskEvent> {
  for (const [index, { name }] of steps.entries()) {
    const step = { part: "setup", index, count: steps.length, name } as const;
    yield { type: "step-ended", step, result: { status: "skipped", why: "inputs" } };
  }
}
