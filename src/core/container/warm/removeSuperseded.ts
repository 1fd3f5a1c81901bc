import { LABEL, workspaceLabels } from "../../labels";
import { ownerState, parseOwner } from "../../owner";
import type { ContainerEngine } from "../../ports/ContainerEngine";
import type { Workspace } from "../../Workspace";
import { ContainerMarks, type Mark, type Processes } from "./ContainerMarks";
import { exclusively } from "./exclusively";

export interface RemoveSupersededOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  readonly cacheFolder: string;
  /** Name of the one that stays. */
  readonly name: string;
  /** What was kept of this one's failed run need not be kept any more. */
  readonly task: string | undefined;
  readonly processes: Processes;
}

/**
 * Removes the workspace's other warm containers, those left alone that are in use, are kept, or were made on another
 * machine. @returns whether any is left.
 */
export async function removeSuperseded(options: RemoveSupersededOptions): Promise<boolean> {
  const { engine, workspace, cacheFolder, name, task, processes } = options;
  const labels = { ...workspaceLabels(workspace), [LABEL.kind]: "warm" };
  let left = false;
  for (const container of await engine.listContainers({ labels })) {
    const owner = parseOwner(container.labels[LABEL.owner] ?? "");
    if (container.name === name || container.labels[LABEL.name] !== container.name) {
      continue;
    }
    const marks = new ContainerMarks(cacheFolder, container.name, processes);
    const isKept = ({ kind, id, task: keptFor }: Mark): boolean =>
      kind === "kept" && id === container.id && (task === undefined || keptFor !== task);
    const isForeign = owner === undefined || ownerState(owner) === "unknown";
    const removed =
      !isForeign &&
      (await exclusively({ marks, unless: (present) => present.some(isKept) }, async () =>
        engine.removeContainer(container.id),
      ));
    if (removed) {
      await marks.sweep();
    }
    left ||= !removed;
  }
  return left;
}
