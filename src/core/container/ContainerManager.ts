import { messageOf } from "../errors/ExpectedError";
import { containerLabels, LABEL } from "../labels";
import { isOwn, ownerState, parseOwner } from "../owner";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import type { ContainerSummary, Labels } from "../ports/ContainerTypes";
import { decodeOutput, type OutputText } from "../task/decodeOutput";
import { isInUse } from "../task/containersInUse";
import type { Workspace } from "../Workspace";

const STOP_GRACE_SECONDS = 5;

/** The containers of one workspace. Never touches one that Slipway did not make. */
export class ContainerManager {
  constructor(
    private readonly engine: ContainerEngine,
    private readonly workspace: Workspace,
  ) {}

  /** @param ids undefined is all of them. */
  async list(options: CallOptions & { readonly ids?: readonly string[] } = {}): Promise<readonly ContainerSummary[]> {
    const containers = await this.engine.listContainers({ labels: containerLabels(this.workspace), ...options });
    return containers.filter(({ name, labels }) => labels[LABEL.name] === name);
  }

  /** Whether a container with these labels is one of this workspace. */
  owns(labels: Labels): boolean {
    return Object.entries(containerLabels(this.workspace)).every(([name, value]) => labels[name] === value);
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
   * Removes what earlier runs left: containers that nobody uses any more, and the stopped one that was kept of the same
   * task.
   *
   * @param task undefined stands for the image's own command.
   * @returns what could not be removed, for people.
   */
  async removeLeftovers(task: string | undefined, options: CallOptions = {}): Promise<readonly string[]> {
    const problems: string[] = [];
    for (const container of await this.list(options)) {
      try {
        if (await this.isLeftover(container, task, options)) {
          await this.engine.removeContainer(container.id, options);
        }
      } catch (error) {
        options.signal?.throwIfAborted();
        problems.push(`The container ${container.name}, which an earlier run left, stays: ${messageOf(error)}`);
      }
    }
    return problems;
  }

  private async isLeftover(
    { id, name, labels, state }: ContainerSummary,
    task: string | undefined,
    options: CallOptions,
  ): Promise<boolean> {
    const owner = parseOwner(labels[LABEL.owner] ?? "");
    if (owner === undefined || state === "removing" || isInUse(name)) {
      return false;
    }
    // What another living process has kept, it may be reading still.
    const free = isOwn(owner) || ownerState(owner) === "dead";
    const stopped = state === "exited" || state === "dead";
    if (stopped && labels[LABEL.keep] === "true") {
      return free && labels[LABEL.task] === task;
    }
    // One that has ended and runs again was started by hand, and is not ours to stop.
    return free && (stopped || (await this.engine.inspectContainer(id, options))?.hasEnded !== true);
  }
}
