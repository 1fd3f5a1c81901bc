import { acquireContainer, type AcquiredContainer, type ReleaseMode } from "../container/warm/acquireContainer";
import { isEngineAway } from "../errors/engineErrors";
import { runSteps } from "../task/TaskRunner";
import type { StepsOutcome } from "../task/StepsOutcome";
import { copyOutOf } from "./copyOutOf";
import { FailedRunKeeper } from "./FailedRunKeeper";
import { fillContainer } from "./fillContainer";
import type { JobEvent } from "./JobEvent";
import type { RunJob } from "./RunJob";
import { runWithoutShell } from "./runWithoutShell";
import { setUpContainer } from "./setUpContainer";

const DEFAULT_KEEP_WARM_MS = 10 * 60_000;

/** The steps of a task, in the workspace's warm container, or alone where the image has no shell to keep one alive. */
export async function* runInWarmContainer(job: RunJob): AsyncGenerator<JobEvent> {
  const { options, clock } = job;
  const { engine, configuration, cacheFolder, session, fresh, signal } = options;
  const { workspace, prepared, image, task } = job;
  const keepWarmMs = configuration.run.keepWarmMs ?? DEFAULT_KEEP_WARM_MS;
  const container = await acquireContainer({
    ...{ engine, workspace, cacheFolder, prepared, image, keepWarmMs, session, fresh, task, signal },
  });
  clock.add("start", container.durationMs);
  if (container.shell === "none") {
    await container.release("warm");
    yield* runWithoutShell(job);
    return;
  }
  const ending = { release: releaseOf(job, keepWarmMs) };
  let problems: readonly string[];
  try {
    yield* runHeld(job, container, ending);
  } catch (error) {
    if (isEngineAway(error)) {
      ending.release = "left";
    }
    throw error;
  } finally {
    problems = await container.release(ending.release);
  }
  for (const message of problems) {
    yield { type: "warning", message };
  }
}

/** While the container is held. @param ending what is to become of it, whichever way this is left. */
async function* runHeld(
  job: RunJob,
  container: AcquiredContainer,
  ending: { release: ReleaseMode },
): AsyncGenerator<JobEvent> {
  const { options, clock } = job;
  const { id, name, ports, reused, replaced, durationMs } = container;
  yield { type: "container", id, name, ports, reused, replaced, durationMs };
  for (const message of container.warnings) {
    yield { type: "warning", message };
  }
  const failures = new FailedRunKeeper(job, container);
  const { completed, warning } = await failures.begin();
  if (warning !== undefined) {
    yield { type: "warning", message: warning };
  }
  yield* fillContainer(job, container);
  const setup = yield* setUpContainer(job, container, completed.setup);
  if (setup !== undefined && setup.kind !== "succeeded") {
    yield* endUnfinished(job, failures, setup, ending);
    return;
  }
  const outcome = yield* clock.time("run", stepsOf(job, container, completed.task));
  if (outcome.kind !== "succeeded") {
    yield* copyOutOf(job, container, { failed: true });
    yield* endUnfinished(job, failures, outcome, ending);
    return;
  }
  try {
    yield* copyOutOf(job, container, { failed: false });
  } catch (error) {
    options.signal?.throwIfAborted();
    // What the steps have made is in there still.
    ending.release = options.remove === true ? "remove" : "keep";
    yield { type: "kept", id, name };
    throw error;
  }
  await failures.forget();
  const exit = { type: "exit", ...outcome.exit } as const;
  clock.ended(exit);
  yield exit;
}

function stepsOf(job: RunJob, { id, name }: AcquiredContainer, completed: number): ReturnType<typeof runSteps> {
  const { options, prepared, work } = job;
  const { engine, configuration, pause, terminal, graceMs, signal } = options;
  const { workspaceFolder } = configuration.run;
  return runSteps({
    engine,
    container: { id, name, user: prepared.execUser, workspaceFolder },
    ...{ part: "task", steps: work.steps, env: work.env, completed, pause, terminal, graceMs, signal },
  });
}

/** What failed, or was stopped at a pause, can be looked at and gone on with. */
async function* endUnfinished(
  { options, clock }: RunJob,
  failures: FailedRunKeeper,
  outcome: Exclude<StepsOutcome, { kind: "succeeded" }>,
  ending: { release: ReleaseMode },
): AsyncGenerator<JobEvent> {
  if (options.remove !== true) {
    const kept = yield* failures.keep(outcome);
    ending.release = kept ? "keep" : ending.release;
  }
  if (outcome.kind === "failed") {
    const exit = { type: "exit", ...outcome.exit } as const;
    clock.ended(exit);
    yield exit;
  }
}

/** One that is kept warm stays anyway, and need not be kept from those who clean up. */
function releaseOf({ options }: RunJob, keepWarmMs: number): ReleaseMode {
  return options.remove === true ? "remove" : options.keep && keepWarmMs === 0 ? "keep" : "warm";
}
