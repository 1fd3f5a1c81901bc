import type { AcquiredContainer } from "../container/warm/acquireContainer";
import { messageOf } from "../errors/ExpectedError";
import { copyOut } from "../transfer/copyOut";
import type { TransferEvent } from "../transfer/TransferEvent";
import type { RunJob } from "./RunJob";

/** Takes what the task made out of the container. After a failure, what goes wrong here is a warning: it must not hide it. */
export async function* copyOutOf(
  job: RunJob,
  container: AcquiredContainer,
  { failed }: { readonly failed: boolean },
): AsyncGenerator<TransferEvent> {
  const { options, workspace, prepared, work, clock } = job;
  const { engine, signal } = options;
  const items = (work.copyOut ?? []).filter(({ onFailure }) => !failed || onFailure === true);
  if (items.length === 0) {
    return;
  }
  const workspaceFolder = workspace.folder;
  try {
    yield* clock.time(
      "copy-out",
      copyOut({
        ...{ engine, containerId: container.id, workspaceFolder, items, failed, signal },
        mounts: prepared.spec.mounts,
      }),
    );
  } catch (error) {
    signal?.throwIfAborted();
    if (!failed) {
      throw error;
    }
    yield { type: "warning", message: messageOf(error) };
  }
}
