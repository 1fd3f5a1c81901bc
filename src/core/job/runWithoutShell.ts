import { runStepsAlone } from "../task/TaskRunner";
import type { JobEvent } from "./JobEvent";
import type { RunJob } from "./RunJob";

/** Each step in a container of its own, since the image has no shell that would keep one alive. */
export async function* runWithoutShell(job: RunJob): AsyncGenerator<JobEvent> {
  const { options, prepared, work, clock } = job;
  const setup = options.configuration.setup ?? [];
  const lacking = [
    ...(prepared.mode === "copy" ? ["the copy of the workspace"] : []),
    ...((work.copyIn ?? []).length > 0 ? ["copyIn"] : []),
    ...((work.copyOut ?? []).length > 0 ? ["copyOut"] : []),
  ];
  if (lacking.length > 0) {
    const message = `Nothing is copied, since each step has a container of its own here: ${lacking.join(", ")}.`;
    yield { type: "warning", message };
  }
  const done = setup.length === 0 ? undefined : yield* clock.time("setup", alone(job, "setup"));
  const outcome = done === undefined || done.kind === "succeeded" ? yield* clock.time("run", alone(job, "task")) : done;
  if (outcome.kind !== "stopped") {
    const exit = { type: "exit", ...outcome.exit } as const;
    clock.ended(exit);
    yield exit;
  }
}

function alone(job: RunJob, part: "setup" | "task"): ReturnType<typeof runStepsAlone> {
  const { options, workspace, image, prepared, work, task } = job;
  const { engine, configuration, session, pause, terminal, graceMs, signal } = options;
  return runStepsAlone({
    ...{ engine, part, prepared, workspace, task, session, pause, graceMs, signal },
    fingerprint: image.fingerprint,
    workspaceFolder: configuration.run.workspaceFolder,
    ...(part === "setup" ? { steps: configuration.setup ?? [] } : { steps: work.steps, env: work.env, terminal }),
  });
}
