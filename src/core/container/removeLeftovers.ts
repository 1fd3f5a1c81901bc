import { messageOf } from "../errors/ExpectedError";
import { LABEL } from "../labels";
import { isOwn, ownerState, parseOwner } from "../owner";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import type { ContainerSummary } from "../ports/ContainerTypes";
import { isInUse } from "../task/containersInUse";

export interface RemoveLeftoversOptions extends CallOptions {
  readonly engine: ContainerEngine;
  readonly containers: readonly ContainerSummary[];
  /** Undefined stands for the image's own command. */
  readonly task: string | undefined;
  readonly removed: (container: ContainerSummary) => void;
}

/**
 * Removes what earlier runs of one command left: containers that nobody uses any more, and the stopped one that was kept
 * of the same task. @returns what could not be removed, for people.
 */
export async function removeLeftovers(options: RemoveLeftoversOptions): Promise<readonly string[]> {
  const { engine, containers, removed, signal } = options;
  const problems: string[] = [];
  for (const container of containers) {
    try {
      if (await isLeftover(container, options)) {
        await engine.removeContainer(container.id, { signal });
        removed(container);
      }
    } catch (error) {
      signal?.throwIfAborted();
      problems.push(`The container ${container.name}, which an earlier run left, stays: ${messageOf(error)}`);
    }
  }
  return problems;
}

/** Warm containers have a life of their own, and what createContainer has made stays until it is removed. */
async function isLeftover(
  { id, name, labels, state }: ContainerSummary,
  { engine, task, signal }: RemoveLeftoversOptions,
): Promise<boolean> {
  const owner = parseOwner(labels[LABEL.owner] ?? "");
  if (owner === undefined || labels[LABEL.kind] !== "task" || state === "removing" || isInUse(name)) {
    return false;
  }
  // What another living process has kept, it may be reading still.
  const free = isOwn(owner) || ownerState(owner) === "dead";
  const stopped = state === "exited" || state === "dead";
  if (stopped && labels[LABEL.keep] === "true") {
    return free && labels[LABEL.task] === task;
  }
  // One that has ended and runs again was started by hand, and is not ours to stop.
  return free && (stopped || (await engine.inspectContainer(id, { signal }))?.hasEnded !== true);
}
