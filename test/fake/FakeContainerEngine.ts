import { existsSync } from "node:fs";
import {
  BindSourceError,
  ContainerNameInUseError,
  ContainerNotFoundError,
  ContainerPathError,
  ContainerStartError,
} from "../../src/core/errors/containerErrors";
import { EngineLostError } from "../../src/core/errors/engineErrors";
import type {
  CallOptions,
  ContainerEngine,
  ListContainersOptions,
  LogOptions,
} from "../../src/core/ports/ContainerEngine";
import type {
  ContainerDetails,
  ContainerSpec,
  ContainerStats,
  ContainerSummary,
  EngineEvent,
  ExecSpec,
  Labels,
  OutputChunk,
  PathStat,
  VolumeSummary,
} from "../../src/core/ports/ContainerTypes";
import type { RunningProgram } from "../../src/core/ports/RunningProgram";
import { checkMounts } from "../../src/engine/checkMounts";
import { bindPorts } from "./bindPorts";
import { carries } from "./carries";
import { copyToTree } from "./copyToTree";
import { execInFake } from "./execInFake";
import { FakeContainer } from "./FakeContainer";
import { FakeImageEngine } from "./FakeImageEngine";
import { FakeRunningProgram } from "./FakeRunningProgram";
import { FakeVolumes } from "./FakeVolumes";
import { packTree } from "./packTree";
import { sampleFakeStats } from "./sampleFakeStats";
import { statTree } from "./statTree";

/** An engine in memory, held to the same conformance suite as the real ones. */
export class FakeContainerEngine extends FakeImageEngine implements ContainerEngine {
  private readonly volumes = new FakeVolumes();

  async createContainer(spec: ContainerSpec, options: CallOptions = {}): Promise<string> {
    await this.enter("createContainer", options);
    const image = this.requireImage(spec.image);
    checkMounts(spec.mounts, "docker");
    this.requireName(/^[a-zA-Z0-9][\w.-]*$/.test(spec.name), spec.name);
    if (this.find(spec.name) !== undefined) {
      throw new ContainerNameInUseError(spec.name);
    }
    for (const mount of spec.mounts) {
      if (mount.kind === "volume") {
        this.volumes.make(mount.volume, mount.labels ?? {});
      }
      // Most tests mount workspaces that are nowhere; only what asks for the real folder is held to it.
      if (mount.kind === "bind" && !existsSync(mount.source) && this.options.checksBindSources === true) {
        throw new BindSourceError(mount.source, "no such folder");
      }
    }
    const container = new FakeContainer({
      ...{ spec, image },
      volume: (name) => this.volumes.content(name),
      tell: (event) => {
        this.events.tell(event);
      },
    });
    this.containers.set(container.id, container);
    return container.id;
  }

  async attachContainer(id: string, options: CallOptions = {}): Promise<AsyncIterable<OutputChunk>> {
    await this.enter("attachContainer", options);
    return this.require(id).log.attach(options.signal);
  }

  async attachTerminal(id: string, options: CallOptions = {}): Promise<RunningProgram> {
    await this.enter("attachTerminal", options);
    const container = this.require(id);
    const output = container.log.attach(options.signal);
    return new FakeRunningProgram({
      ...{ output, tty: container.spec.tty === true, signal: options.signal },
      process: () => container.process,
      exitCode: async (signal) => this.waitForExit(container.id, { signal }),
      close: () => {
        container.log.detach(output);
      },
    });
  }

  async startContainer(id: string, options: CallOptions = {}): Promise<void> {
    await this.enter("startContainer", options);
    const container = this.require(id);
    if (container.running) {
      return;
    }
    const { command, ports } = container.spec;
    const program = this.findProgram(container.argv);
    const taken = ports.find(({ hostPort }) => this.isTaken(hostPort));
    if (taken !== undefined) {
      throw new ContainerStartError(command, `port ${String(taken.hostPort)} is already allocated`);
    }
    if (program === undefined) {
      throw new ContainerStartError(command, `exec: ${container.argv[0] ?? ""}: not found`);
    }
    container.start(program, bindPorts(ports));
  }

  async waitForExit(id: string, options: CallOptions = {}): Promise<number> {
    await this.enter("waitForExit", options);
    const container = this.require(id);
    await this.wait(container.ended, options);
    return container.exitCode;
  }

  async stopContainer(id: string, options: CallOptions & { readonly graceSeconds: number }): Promise<void> {
    await this.enter("stopContainer", options);
    await this.wait(this.require(id).stop(options.graceSeconds), options);
  }

  async restartContainer(id: string, options: CallOptions & { readonly graceSeconds: number }): Promise<void> {
    await this.enter("restartContainer", options);
    await this.wait(this.require(id).stop(options.graceSeconds), options);
    await this.startContainer(id, options);
  }

  async killContainer(id: string, options: CallOptions & { readonly unixSignal: string }): Promise<void> {
    await this.enter("killContainer", options);
    this.require(id).process?.signal(options.unixSignal);
  }

  /** Not of the port: somebody else has done it. */
  async pauseContainer(id: string): Promise<void> {
    await this.enter("pauseContainer", {});
    this.require(id).pause();
  }

  async removeContainer(id: string, options: CallOptions = {}): Promise<void> {
    await this.enter("removeContainer", options);
    const container = this.find(id);
    if (container !== undefined) {
      await container.remove();
      this.containers.delete(container.id);
    }
  }

  async inspectContainer(id: string, options: CallOptions = {}): Promise<ContainerDetails | undefined> {
    await this.enter("inspectContainer", options);
    return this.find(id)?.details();
  }

  async listContainers(options: ListContainersOptions): Promise<readonly ContainerSummary[]> {
    await this.enter("listContainers", options);
    return [...this.containers.values()]
      .filter(({ id, spec }) => carries(spec.labels, options.labels) && options.ids?.includes(id) !== false)
      .map((container) => container.summary())
      .reverse();
  }

  async *containerLogs(id: string, options: LogOptions): AsyncGenerator<OutputChunk> {
    await this.enter("containerLogs", options);
    const { log, running } = this.require(id);
    const output = log.read({ ...options, follow: options.follow && running });
    try {
      yield* output;
    } finally {
      log.detach(output);
    }
  }

  async *containerStats(id: string, options: CallOptions = {}): AsyncGenerator<ContainerStats> {
    await this.enter("containerStats", options);
    yield* sampleFakeStats(this.require(id), { signal: options.signal, loss: this.loss.signal });
  }

  async exec(id: string, spec: ExecSpec, options: CallOptions = {}): Promise<RunningProgram> {
    await this.enter("exec", options);
    return execInFake({
      container: this.require(id),
      spec,
      program: this.findProgram(spec.command),
      loss: this.loss.signal,
      signal: options.signal,
    });
  }

  async copyTo(id: string, folder: string, tar: AsyncIterable<Uint8Array>, options: CallOptions = {}): Promise<void> {
    await this.enter("copyTo", options);
    await copyToTree(this.require(id), folder, tar, options.signal);
  }

  async *copyFrom(id: string, path: string, options: CallOptions = {}): AsyncGenerator<Uint8Array> {
    await this.enter("copyFrom", options);
    const { tree } = this.require(id);
    if (tree.get(path) === undefined) {
      throw new ContainerPathError(id, path, "there is nothing");
    }
    for await (const chunk of packTree(tree, path)) {
      options.signal?.throwIfAborted();
      yield chunk;
    }
  }

  async statPath(id: string, path: string, options: CallOptions = {}): Promise<PathStat | undefined> {
    await this.enter("statPath", options);
    return statTree(this.require(id).tree, path);
  }

  async listVolumes(options: CallOptions & { readonly labels: Labels }): Promise<readonly VolumeSummary[]> {
    await this.enter("listVolumes", options);
    return this.volumes.list(options.labels);
  }

  async removeVolume(name: string, options: CallOptions = {}): Promise<"removed" | "not-found" | "in-use"> {
    await this.enter("removeVolume", options);
    const mounts = [...this.containers.values()].flatMap(({ spec }) => spec.mounts);
    const used = mounts.some((mount) => mount.kind === "volume" && mount.volume === name);
    return this.volumes.remove(name, used);
  }

  async *watchEvents(options: CallOptions & { readonly labels: Labels }): AsyncGenerator<EngineEvent> {
    await this.enter("watchEvents", options);
    yield* this.events.watch(options.labels, options.signal);
    throw new EngineLostError("fake", "watching events");
  }

  private find(id: string): FakeContainer | undefined {
    return this.containers.get(id) ?? [...this.containers.values()].find(({ spec }) => spec.name === id);
  }

  private require(id: string): FakeContainer {
    const container = this.find(id);
    if (container === undefined) {
      throw new ContainerNotFoundError(id);
    }
    return container;
  }

  private isTaken(port: number | undefined): boolean {
    const bound = [...this.containers.values()].filter(({ running }) => running).flatMap(({ ports }) => ports);
    return (
      port !== undefined &&
      (this.options.portsInUse?.includes(port) === true || bound.some(({ hostPort }) => hostPort === port))
    );
  }
}
