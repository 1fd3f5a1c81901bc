import type { AcquiredContainer } from "../container/warm/acquireContainer";
import { messageOf } from "../errors/ExpectedError";
import { formatEngineAddress } from "../ports/EngineEndpoint";
import { completedSteps, FailedRuns } from "../task/FailedRuns";
import { stepDigest } from "../task/stepDigest";
import type { StepsOutcome } from "../task/StepsOutcome";
import type { JobEvent } from "./JobEvent";
import type { RunJob } from "./RunJob";

/** How many steps need not run again. */
export interface CompletedSteps {
  readonly setup: number;
  readonly task: number;
}

const NOTHING: CompletedSteps = { setup: 0, task: 0 };

/**
 * What is written down of a task that fails, and what that is good for when it is tried again. Of a command, which is one
 * step, nothing is: it is as well run again.
 */
export class FailedRunKeeper {
  private readonly runs: FailedRuns;

  constructor(
    private readonly job: RunJob,
    private readonly container: AcquiredContainer,
  ) {
    this.runs = new FailedRuns(job.options.cacheFolder, job.workspace);
  }

  /** @returns what a retry may skip, and why it may not, for people. */
  async begin(): Promise<{ readonly completed: CompletedSteps; readonly warning?: string | undefined }> {
    const { options, task, work } = this.job;
    if (task === undefined) {
      return { completed: NOTHING };
    }
    if (options.retry !== true) {
      await this.forget();
      return { completed: NOTHING };
    }
    const run = await this.runs.read(task);
    if (run === undefined) {
      return { completed: NOTHING, warning: `There is no failed run of ${task}: all its steps run.` };
    }
    if (run.containerId !== this.container.id) {
      const why =
        this.container.replaced ?? "the container of the failed run is gone, or another one is to be used now";
      return { completed: NOTHING, warning: `All steps of ${task} run again: ${why}.` };
    }
    return run.part === "setup"
      ? { completed: { setup: completedSteps(run, options.configuration.setup ?? []), task: 0 } }
      : { completed: { setup: 0, task: completedSteps(run, work.steps) } };
  }

  /** Writes down how far the task came, and tells that its container stays. @returns whether it does. */
  async *keep(outcome: Exclude<StepsOutcome, { kind: "succeeded" }>): AsyncGenerator<JobEvent, boolean> {
    const { options, task, work } = this.job;
    const { id, name } = this.container;
    if (task === undefined) {
      return false;
    }
    const { step, completed } = outcome;
    const steps = step.part === "setup" ? (options.configuration.setup ?? []) : work.steps;
    try {
      await this.runs.record({
        task,
        engine: formatEngineAddress(options.engine.endpoint.address),
        containerId: id,
        containerName: name,
        ...{ part: step.part, step: step.name },
        exitCode: outcome.kind === "failed" ? outcome.exit.code : STOPPED,
        done: steps.slice(0, completed).map(stepDigest),
        at: Date.now(),
      });
    } catch (error) {
      const message = `How far ${task} came could not be written down, so that a retry runs all its steps: ${messageOf(error)}`;
      yield { type: "warning", message };
    }
    yield { type: "kept", id, name, step };
    return true;
  }

  /** It did not fail in the end. */
  async forget(): Promise<void> {
    if (this.job.task !== undefined) {
      // Where nothing can be written, nothing was.
      await this.runs.forget(this.job.task).catch(() => undefined);
    }
  }
}

/** As an interrupted program has it. */
const STOPPED = 130;
