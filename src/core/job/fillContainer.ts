import type { AcquiredContainer } from "../container/warm/acquireContainer";
import { containerOwner } from "../transfer/containerOwner";
import { copyIn } from "../transfer/copyIn";
import { syncWorkspace } from "../transfer/syncWorkspace";
import type { FileOwner, TransferEvent } from "../transfer/TransferEvent";
import type { RunJob } from "./RunJob";

/** Brings the workspace's copy in the container up to date, and puts the task's files there. */
export async function* fillContainer(job: RunJob, container: AcquiredContainer): AsyncGenerator<TransferEvent> {
  if (job.prepared.mode === "copy" || (job.work.copyIn ?? []).length > 0) {
    yield* job.clock.time("copy-in", fill(job, container.id));
  }
}

/** Only the workspace's copy. */
export async function* syncInto(
  job: Pick<RunJob, "options" | "workspace" | "prepared">,
  containerId: string,
  known?: FileOwner,
): AsyncGenerator<TransferEvent, void> {
  const { engine, configuration, cacheFolder, signal } = job.options;
  const owner = known ?? (await ownerIn(job, containerId));
  const target = configuration.run.workspaceFolder;
  yield* syncWorkspace({
    ...{ engine, containerId, workspace: job.workspace, target, owner, cacheFolder, signal },
    mounts: job.prepared.spec.mounts,
  });
}

async function* fill(job: RunJob, containerId: string): AsyncGenerator<TransferEvent, void> {
  const { options, workspace, prepared, work } = job;
  const { engine, signal } = options;
  const owner = await ownerIn(job, containerId);
  if (prepared.mode === "copy") {
    yield* syncInto(job, containerId, owner);
  }
  const items = work.copyIn ?? [];
  if (items.length > 0) {
    yield* copyIn({
      ...{ engine, containerId, workspaceFolder: workspace.folder, items, owner, signal },
      mounts: prepared.spec.mounts,
    });
  }
}

async function ownerIn(
  { options, prepared }: Pick<RunJob, "options" | "prepared">,
  containerId: string,
): Promise<FileOwner> {
  const { engine, signal } = options;
  return containerOwner({ engine, containerId, user: prepared.execUser, signal });
}
