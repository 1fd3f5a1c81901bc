import type { ContainerManager } from "../container/ContainerManager";
import type { JobEvent } from "./JobEvent";

/** Passes a job's events on, and tells those who listen to the workspace's containers of its task. */
export async function* tellManager(
  events: AsyncGenerator<JobEvent>,
  manager: Pick<ContainerManager, "tell">,
  task: string | undefined,
): AsyncGenerator<JobEvent> {
  let exitCode: number | undefined;
  let started = false;
  try {
    for await (const event of events) {
      switch (event.type) {
        case "container":
          started = true;
          manager.tell({ type: "task:started", task, container: { id: event.id, name: event.name } });
          break;
        case "step-started":
          manager.tell({ type: "task:step", task, step: event.step, result: undefined });
          break;
        case "step-ended":
          manager.tell({ type: "task:step", task, step: event.step, result: event.result });
          break;
        case "exit":
          exitCode = event.code;
          break;
        case "decision":
        case "build":
        case "image":
        case "paused":
        case "output":
        case "transfer":
        case "kept":
        case "warning":
        case "summary":
          break;
      }
      yield event;
    }
  } finally {
    if (started) {
      manager.tell({ type: "task:ended", task, exitCode });
    }
  }
}
