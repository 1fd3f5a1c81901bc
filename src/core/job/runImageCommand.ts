import { ContainerManager } from "../container/ContainerManager";
import { reconcileContainers } from "../container/reconcile/reconcileContainers";
import { messageOf } from "../errors/ExpectedError";
import { runTask } from "../task/runTask";
import { syncInto } from "./fillContainer";
import type { JobEvent } from "./JobEvent";
import type { RunJob } from "./RunJob";

/** The image's own command, as the first process of a container that is made for it. */
export async function* runImageCommand(job: Omit<RunJob, "work" | "task">): AsyncGenerator<JobEvent> {
  const { options, workspace, image, prepared, clock } = job;
  const { engine, session, keep, remove, signal } = options;
  for (const message of await new ContainerManager(engine, workspace).removeLeftovers(undefined, { signal })) {
    yield { type: "warning", message };
  }
  for await (const event of runTask({
    ...{ engine, workspace, prepared, session, signal },
    fingerprint: image.fingerprint,
    command: undefined,
    task: undefined,
    keep: keep && remove !== true,
    fill: prepared.mode === "copy" ? (id) => clock.time("copy-in", syncInto(job, id)) : undefined,
  })) {
    if (event.type === "container") {
      clock.add("start", event.durationMs);
    } else if (event.type === "exit") {
      clock.add("run", event.durationMs);
      clock.ended(event);
    }
    yield event;
  }
  // What others have left goes once the command's end is told.
  yield* tidyUp(job);
}

async function* tidyUp({ options, workspace }: Pick<RunJob, "options" | "workspace">): AsyncGenerator<JobEvent> {
  const { engine, cacheFolder, signal } = options;
  try {
    for await (const outcome of reconcileContainers({ engine, workspace, cacheFolder, signal })) {
      if (outcome.kind === "failed") {
        yield { type: "warning", message: outcome.message };
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    yield { type: "warning", message: `What earlier runs have left was not looked for: ${messageOf(error)}` };
  }
}
