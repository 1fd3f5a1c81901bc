import { randomBytes } from "node:crypto";
import type { PreparedSpec } from "../container/spec/containerSpec";
import { taskLabels } from "../labels";
import type { Workspace } from "../Workspace";
import { containerUser } from "./containerUser";
import { runAlone } from "./runAlone";
import { runStep } from "./runStep";
import { runStepList } from "./runStepList";
import type { StepListOptions } from "./StepListOptions";
import type { StepsOutcome } from "./StepsOutcome";
import { stepUser } from "./stepUser";
import type { TaskEvent } from "./TaskEvent";

export interface RunStepsOptions extends StepListOptions {
  readonly container: {
    readonly id: string;
    readonly name: string;
    /** Who runs steps that name nobody; undefined is the container's user. */
    readonly user: string | undefined;
    /** Where steps run that name no folder. */
    readonly workspaceFolder: string;
  };
}

export interface RunStepsAloneOptions extends StepListOptions {
  readonly prepared: PreparedSpec;
  readonly workspace: Workspace;
  /** Of the image; undefined where Slipway has not built it. */
  readonly fingerprint: string | undefined;
  /** Name of the task, for the labels. */
  readonly task: string | undefined;
  readonly session: string;
  /** Where steps run that name no folder. */
  readonly workspaceFolder: string;
}

const GRACE_MS = 2_000;

/**
 * Runs steps one after the other in a container that runs, each by an exec of its own. Yields what happens, the output as
 * it comes. When the signal is aborted, or the loop over the events is left, the step that runs is stopped with all that
 * it has started, and the container goes on. Rejects with ContainerGoneError when that has ended under a step, with
 * EngineLostError, and, once the step has ended, with the signal's reason; with StepNotStoppedError when it could not be
 * stopped.
 */
export async function* runSteps(options: RunStepsOptions): AsyncGenerator<TaskEvent, StepsOutcome> {
  const { engine, container, env, graceMs = GRACE_MS, terminal, signal } = options;
  return yield* runStepList(options, async function* (step, place) {
    return yield* runStep({
      ...{ engine, container, place, graceMs, terminal, signal },
      command: step.command,
      env: { ...env, ...step.env },
      user: await stepUser({ engine, container, user: step.user, signal }),
      workingDirectory: step.workingDirectory ?? container.workspaceFolder,
      timeoutMs: step.timeoutMs,
    });
  });
}

/**
 * The same for an image without a shell: each step is the first process of a container of its own, which goes with it.
 * Begins with a warning that says what is not to be had this way.
 */
export async function* runStepsAlone(options: RunStepsAloneOptions): AsyncGenerator<TaskEvent, StepsOutcome> {
  const { engine, prepared, workspace, env, graceMs = GRACE_MS, terminal, signal } = options;
  yield {
    type: "warning",
    message:
      "The image has no /bin/sh, so that no container can be kept alive in it: each step runs in a container of its own. " +
      "What one step leaves outside of mounts the next does not see, and a container that has failed is not kept: there " +
      "is no shell to open in it, and a retry begins with an untouched one.",
  };
  return yield* runStepList(options, async function* (step, place) {
    const name = ["slipway", workspace.slug, "step", randomBytes(4).toString("hex")].join("-");
    const { spec } = prepared;
    const own = {
      env: { ...spec.env, ...env, ...step.env },
      workingDirectory: step.workingDirectory ?? options.workspaceFolder,
      ...(step.user === undefined ? {} : { user: containerUser(step.user) }),
    };
    return yield* runAlone({
      ...{ engine, name, place, graceMs, terminal, signal },
      prepared: { ...prepared, spec: { ...spec, ...own } },
      command: step.command,
      labels: taskLabels({ ...options, name, keep: false }),
      timeoutMs: step.timeoutMs,
    });
  });
}
