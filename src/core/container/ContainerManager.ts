import { Emitter } from "../Emitter";
import { ContainerNotFoundError, ContainerNotRunningError, ForeignContainerError } from "../errors/containerErrors";
import { containerLabels, LABEL } from "../labels";
import type { CallOptions, ContainerEngine, LogOptions } from "../ports/ContainerEngine";
import type {
  ContainerDetails,
  ContainerStats,
  ContainerSummary,
  ExecSpec,
  Labels,
  PathStat,
} from "../ports/ContainerTypes";
import type { RunningProgram } from "../ports/RunningProgram";
import { decodeOutput, type OutputText } from "../task/decodeOutput";
import type { Workspace } from "../Workspace";
import type { ContainerConfig, CreatedContainer, CreationSettings } from "./ContainerConfig";
import { createManaged } from "./createManaged";
import type { ManagedContainer, ManagerEvent, TaskProgress } from "./ManagerEvent";
import { removeLeftovers } from "./removeLeftovers";

/** What a program to be run is, with what most of them need as default: no terminal, no stdin. */
export type ExecOptions = CallOptions & Pick<ExecSpec, "command"> & Partial<ExecSpec>;

export type StopOptions = CallOptions & {
  /** Between SIGTERM and SIGKILL. */
  readonly timeoutSeconds?: number | undefined;
};

const STOP_TIMEOUT_SECONDS = 5;

/**
 * The containers of one workspace. A container is named by its ID or its name; one that is not there rejects with
 * ContainerNotFoundError, one that Slipway has not made for this workspace with ForeignContainerError, and nothing is
 * done to it. Other failures are those of ContainerEngine's calls.
 */
export class ContainerManager {
  private readonly emitter = new Emitter<ManagerEvent>();

  constructor(
    private readonly engine: ContainerEngine,
    private readonly workspace: Workspace,
    private readonly settings: CreationSettings = {},
  ) {}

  /** @returns what ends the subscription. */
  onEvent(listener: (event: ManagerEvent) => void): { dispose(): void } {
    return this.emitter.on(listener);
  }

  /** For the job that runs a task, so that those who listen here hear of it. */
  tell(event: TaskProgress): void {
    this.emitter.emit(event);
  }

  /**
   * Makes a container and does not start it, of an image that is built or pulled first where need be. It stays until it is
   * removed. Rejects also as the image's build does, and with ContainerNameInUseError.
   */
  async createContainer(config: ContainerConfig): Promise<CreatedContainer> {
    const { engine, workspace, settings } = this;
    return createManaged({
      ...{ engine, workspace, settings, config },
      tell: (event) => {
        this.emitter.emit(event);
      },
    });
  }

  /** @param ids undefined is all of them. */
  async list(options: CallOptions & { readonly ids?: readonly string[] } = {}): Promise<readonly ContainerSummary[]> {
    const containers = await this.engine.listContainers({ labels: containerLabels(this.workspace), ...options });
    return containers.filter(({ name, labels }) => labels[LABEL.name] === name);
  }

  /** As `list` has it. */
  async get(id: string, options: CallOptions = {}): Promise<ContainerSummary> {
    const details = await this.inspect(id, options);
    const [container] = await this.list({ ids: [details.id], ...options });
    if (container === undefined) {
      throw new ContainerNotFoundError(id);
    }
    return container;
  }

  async inspect(id: string, options: CallOptions = {}): Promise<ContainerDetails> {
    const details = await this.engine.inspectContainer(id, options);
    if (details === undefined) {
      throw new ContainerNotFoundError(id);
    }
    if (!this.owns(details.labels) || details.labels[LABEL.name] !== details.name) {
      throw new ForeignContainerError(id, this.workspace.folder);
    }
    return details;
  }

  /** Whether a container with these labels is one of this workspace. */
  owns(labels: Labels): boolean {
    return Object.entries(containerLabels(this.workspace)).every(([name, value]) => labels[name] === value);
  }

  /** Succeeds when it runs already. */
  async start(id: string, options: CallOptions = {}): Promise<void> {
    const details = await this.inspect(id, options);
    await this.engine.startContainer(details.id, options);
    if (!details.running) {
      this.emitter.emit({ type: "container:started", container: named(details) });
    }
  }

  /** Succeeds when it does not run. */
  async stop(id: string, options: StopOptions = {}): Promise<void> {
    const details = await this.inspect(id, options);
    await this.engine.stopContainer(details.id, graceOf(options));
    if (details.running) {
      this.emitter.emit({ type: "container:stopped", container: named(details) });
    }
  }

  /** Starts it also when it does not run. */
  async restart(id: string, options: StopOptions = {}): Promise<void> {
    const details = await this.inspect(id, options);
    await this.engine.restartContainer(details.id, graceOf(options));
    if (details.running) {
      this.emitter.emit({ type: "container:stopped", container: named(details) });
    }
    this.emitter.emit({ type: "container:started", container: named(details) });
  }

  /** Also a running one. Succeeds when there is none. */
  async remove(id: string, options: CallOptions = {}): Promise<void> {
    let details: ContainerDetails;
    try {
      details = await this.inspect(id, options);
    } catch (error) {
      if (error instanceof ContainerNotFoundError) {
        return;
      }
      throw error;
    }
    await this.engine.removeContainer(details.id, options);
    this.emitter.emit({ type: "container:removed", container: named(details) });
  }

  /** Runs a program in it; see ContainerEngine.exec. Whoever started it must `close` it. */
  async exec(id: string, options: ExecOptions): Promise<RunningProgram> {
    const { signal, ...spec } = options;
    const details = await this.inspect(id, { signal });
    const defaults = { env: {}, workingDirectory: undefined, user: undefined, tty: false, stdin: false };
    return this.engine.exec(details.id, { ...defaults, ...spec }, { signal });
  }

  /** The streams of its own program, to be started still or running. Whoever attached must `close` it. */
  async attach(id: string, options: CallOptions = {}): Promise<RunningProgram> {
    const details = await this.inspect(id, options);
    if (!details.running && details.state !== "created") {
      throw new ContainerNotRunningError(id);
    }
    return this.engine.attachTerminal(details.id, options);
  }

  /** What the container wrote and, while it runs, goes on to write. */
  async *logs(id: string, options: LogOptions): AsyncGenerator<OutputText> {
    const details = await this.inspect(id, options);
    yield* decodeOutput(this.engine.containerLogs(details.id, options));
  }

  async *stats(id: string, options: CallOptions = {}): AsyncGenerator<ContainerStats> {
    const details = await this.inspect(id, options);
    yield* this.engine.containerStats(details.id, options);
  }

  /** Unpacks a tar in a folder of it; see ContainerEngine.copyTo. */
  async copyTo(id: string, folder: string, tar: AsyncIterable<Uint8Array>, options: CallOptions = {}): Promise<void> {
    const details = await this.inspect(id, options);
    await this.engine.copyTo(details.id, folder, tar, options);
  }

  /** What is at `path` in it as a tar, not to be trusted; see ContainerEngine.copyFrom. */
  async *copyFrom(id: string, path: string, options: CallOptions = {}): AsyncGenerator<Uint8Array> {
    const details = await this.inspect(id, options);
    yield* this.engine.copyFrom(details.id, path, options);
  }

  async statPath(id: string, path: string, options: CallOptions = {}): Promise<PathStat | undefined> {
    const details = await this.inspect(id, options);
    return this.engine.statPath(details.id, path, options);
  }

  /**
   * Removes what earlier runs of one command left: containers that nobody uses any more, and the stopped one that was kept
   * of the same task.
   *
   * @param task undefined stands for the image's own command.
   * @returns what could not be removed, for people.
   */
  async removeLeftovers(task: string | undefined, { signal }: CallOptions = {}): Promise<readonly string[]> {
    return removeLeftovers({
      ...{ engine: this.engine, containers: await this.list({ signal }), task, signal },
      removed: (container) => {
        this.emitter.emit({ type: "container:removed", container: named(container) });
      },
    });
  }
}

function graceOf({ timeoutSeconds = STOP_TIMEOUT_SECONDS, signal }: StopOptions): CallOptions & {
  readonly graceSeconds: number;
} {
  return { graceSeconds: timeoutSeconds, signal };
}

function named({ id, name }: ManagedContainer): ManagedContainer {
  return { id, name };
}
