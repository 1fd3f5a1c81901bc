import { LABEL, workspaceLabels } from "../labels";
import { ownerState, parseOwner } from "../owner";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import type { ContainerEvent, ContainerSummary } from "../ports/ContainerTypes";
import { decodeOutput, type OutputText } from "../task/decodeOutput";
import type { Workspace } from "../Workspace";

const STOP_GRACE_SECONDS = 5;

/** The containers of one workspace. Never touches one that Slipway did not make. */
export class ContainerManager {
  constructor(
    private readonly engine: ContainerEngine,
    private readonly workspace: Workspace,
  ) {}

  async list(options: CallOptions = {}): Promise<readonly ContainerSummary[]> {
    return this.engine.listContainers({ labels: workspaceLabels(this.workspace), ...options });
  }

  watch(options: CallOptions = {}): AsyncIterable<ContainerEvent> {
    return this.engine.watchContainers({ labels: workspaceLabels(this.workspace), ...options });
  }

  async start(id: string, options: CallOptions = {}): Promise<void> {
    await this.engine.startContainer(id, options);
  }

  async stop(id: string, options: CallOptions = {}): Promise<void> {
    await this.engine.stopContainer(id, { graceSeconds: STOP_GRACE_SECONDS, ...options });
  }

  async remove(id: string, options: CallOptions = {}): Promise<void> {
    await this.engine.removeContainer(id, options);
  }

  /** What the container wrote and, while it runs, goes on to write. */
  async *logs(id: string, options: CallOptions & { readonly follow: boolean }): AsyncGenerator<OutputText> {
    yield* decodeOutput(this.engine.containerLogs(id, options));
  }

  /**
   * Removes what earlier runs left: containers whose process is dead, and stopped ones that were kept of the same task.
   *
   * @param task undefined stands for the image's own command.
   * @returns what was removed.
   */
  async removeLeftovers(task: string | undefined, options: CallOptions = {}): Promise<readonly ContainerSummary[]> {
    const leftovers = (await this.list(options)).filter((container) => isLeftover(container, task));
    for (const { id } of leftovers) {
      await this.engine.removeContainer(id, options);
    }
    return leftovers;
  }
}

function isLeftover({ labels, state }: ContainerSummary, task: string | undefined): boolean {
  if (labels[LABEL.kind] !== "task") {
    return false;
  }
  const owner = parseOwner(labels[LABEL.owner] ?? "");
  const dead = owner !== undefined && ownerState(owner) === "dead";
  const kept = (state === "exited" || state === "dead") && labels[LABEL.task] === task;
  return dead || kept;
}
