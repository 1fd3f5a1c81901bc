import type { StepConfiguration } from "../config/WorkspaceConfiguration";
import type { StepListOptions } from "./StepListOptions";
import type { StepEnd } from "./StepEnd";
import type { StepsExit, StepsOutcome } from "./StepsOutcome";
import type { StepPlace, StepResult, TaskEvent } from "./TaskEvent";

/** Runs one step: yields its output, returns its end. */
export type StepAction = (step: StepConfiguration, place: StepPlace) => AsyncGenerator<TaskEvent, StepEnd>;

/** As timeout(1) has it. */
const TIMED_OUT = 124;

/** The order of steps, wherever they run: which are skipped, where somebody is asked, and what their ends mean. */
export async function* runStepList(
  { part, steps, completed = 0, pause, signal }: StepListOptions,
  run: StepAction,
): AsyncGenerator<TaskEvent, StepsOutcome> {
  const placeOf = (index: number): StepPlace => ({ part, index, count: steps.length, name: steps[index]?.name ?? "" });
  let last: StepsExit = { code: 0, durationMs: 0, outOfMemory: false };
  for (const [index, step] of steps.entries()) {
    signal?.throwIfAborted();
    const place = placeOf(index);
    if (index < completed) {
      yield { type: "step-ended", step: place, result: { status: "skipped", why: "done" } };
      continue;
    }
    if (step.pause === true && pause !== undefined) {
      yield { type: "paused", step: place };
      if ((await pause(place, signal)) === "stop") {
        return { kind: "stopped", step: place, completed: index };
      }
      signal?.throwIfAborted();
    }
    yield { type: "step-started", step: place, command: step.command };
    const end = yield* run(step, place);
    const result = resultOf(step, end);
    yield { type: "step-ended", step: place, result };
    if (result.status !== "succeeded" && step.continueOnError !== true) {
      for (let later = index + 1; later < steps.length; later++) {
        yield { type: "step-ended", step: placeOf(later), result: { status: "skipped", why: "earlier" } };
      }
      const { durationMs, outOfMemory, timedOut, exitCode } = end;
      return {
        ...{ kind: "failed", step: place, completed: index },
        exit: { code: timedOut ? TIMED_OUT : exitCode, durationMs, outOfMemory },
      };
    }
    last = { code: 0, durationMs: end.durationMs, outOfMemory: false };
  }
  return { kind: "succeeded", exit: last };
}

function resultOf(step: StepConfiguration, end: StepEnd): Exclude<StepResult, { status: "skipped" }> {
  const { exitCode, durationMs, outOfMemory, timedOut } = end;
  const ignored = step.continueOnError === true;
  if (timedOut) {
    return { status: "timed-out", timeoutMs: step.timeoutMs ?? 0, durationMs, ignored };
  }
  return exitCode === 0
    ? { status: "succeeded", durationMs }
    : { status: "failed", exitCode, durationMs, outOfMemory, ignored };
}
