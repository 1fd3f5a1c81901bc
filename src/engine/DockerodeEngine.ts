import type { BuildEvent } from "../core/ports/BuildEvent";
import type {
  BuildImageOptions,
  CallOptions,
  ContainerEngine,
  ListContainersOptions,
  LogOptions,
  PullImageOptions,
  PushImageOptions,
} from "../core/ports/ContainerEngine";
import type {
  ContainerDetails,
  ContainerSpec,
  ContainerStats,
  ContainerSummary,
  EngineEvent,
  ExecSpec,
  ImageDetails,
  ImageSummary,
  Labels,
  OutputChunk,
  PathStat,
  VolumeSummary,
} from "../core/ports/ContainerTypes";
import type { EngineEndpoint } from "../core/ports/EngineEndpoint";
import type { EngineInfo } from "../core/ports/EngineInfo";
import type { RunningProgram } from "../core/ports/RunningProgram";
import type { BuildEnvironment } from "./build/BuildEnvironment";
import { ArchiveCalls } from "./calls/ArchiveCalls";
import { attachContainer, attachTerminal } from "./calls/attach";
import { ContainerCalls } from "./calls/ContainerCalls";
import { containerLogs } from "./calls/containerLogs";
import { containerStats } from "./calls/containerStats";
import { createContainer } from "./calls/createContainer";
import { EngineClient } from "./calls/EngineClient";
import { ImageCalls } from "./calls/ImageCalls";
import { inspectContainer } from "./calls/inspectContainer";
import { startExec } from "./calls/startExec";
import { VolumeCalls } from "./calls/VolumeCalls";
import { waitForExit } from "./calls/waitForExit";
import { watchEvents } from "./calls/watchEvents";
import { noCredentials, type RegistryCredentials } from "./credentials/RegistryCredentials";
import type { Deadlines } from "./Deadlines";
import { currentEnvironment } from "./discovery/currentEnvironment";

type GraceOptions = CallOptions & { readonly graceSeconds: number };
type LabelOptions = CallOptions & { readonly labels: Labels };

export interface DockerodeEngineOptions {
  /** For registries; without them they are asked anonymously. */
  readonly credentials?: RegistryCredentials | undefined;
  readonly deadlines?: Deadlines | undefined;
  /** For builds (DOCKER_BUILDKIT, SSH agents); this machine where absent. */
  readonly environment?: BuildEnvironment | undefined;
}

/**
 * Docker and Podman through the Docker Engine API. Requests that are answered at once are dockerode's; streams, and all
 * that carries a secret, go through EngineConnection alone. Each call is in a file of its own or its topic's, in `calls`.
 */
export class DockerodeEngine implements ContainerEngine {
  private readonly client: EngineClient;
  private readonly images: ImageCalls;
  private readonly containers: ContainerCalls;
  private readonly archives: ArchiveCalls;
  private readonly volumes: VolumeCalls;

  constructor(
    readonly endpoint: EngineEndpoint,
    { credentials = noCredentials, deadlines, environment = currentEnvironment() }: DockerodeEngineOptions = {},
  ) {
    this.client = new EngineClient(endpoint, deadlines);
    this.images = new ImageCalls(this.client, credentials, environment);
    this.containers = new ContainerCalls(this.client);
    this.archives = new ArchiveCalls(this.client);
    this.volumes = new VolumeCalls(this.client);
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  async info({ signal }: CallOptions = {}): Promise<EngineInfo> {
    return this.client.info(signal);
  }

  async inspectImage(reference: string, options: CallOptions = {}): Promise<ImageDetails | undefined> {
    return this.images.inspect(reference, options);
  }

  async listImages(options: LabelOptions): Promise<readonly ImageSummary[]> {
    return this.images.list(options);
  }

  pullImage(options: PullImageOptions): AsyncIterable<BuildEvent> {
    return this.images.pull(options);
  }

  pushImage(options: PushImageOptions): AsyncIterable<BuildEvent> {
    return this.images.push(options);
  }

  async tagImage(reference: string, name: string, options: CallOptions = {}): Promise<void> {
    await this.images.tag(reference, name, options);
  }

  async removeImage(reference: string, options: CallOptions = {}): Promise<"removed" | "not-found" | "in-use"> {
    return this.images.remove(reference, options);
  }

  buildImage(options: BuildImageOptions): AsyncIterable<BuildEvent> {
    return this.images.build(options);
  }

  async createContainer(spec: ContainerSpec, options: CallOptions = {}): Promise<string> {
    const { client, images, volumes } = this;
    return createContainer({ ...options, client, images, volumes, spec });
  }

  async attachContainer(id: string, options: CallOptions = {}): Promise<AsyncIterable<OutputChunk>> {
    return attachContainer(this.client, id, options);
  }

  async attachTerminal(id: string, options: CallOptions = {}): Promise<RunningProgram> {
    return attachTerminal(this.client, id, options);
  }

  async startContainer(id: string, options: CallOptions = {}): Promise<void> {
    await this.containers.start(id, options);
  }

  async waitForExit(id: string, options: CallOptions = {}): Promise<number> {
    return waitForExit(this.client, id, options);
  }

  async stopContainer(id: string, options: GraceOptions): Promise<void> {
    await this.containers.stop(id, options);
  }

  async restartContainer(id: string, options: GraceOptions): Promise<void> {
    await this.containers.restart(id, options);
  }

  async killContainer(id: string, options: CallOptions & { readonly unixSignal: string }): Promise<void> {
    await this.containers.kill(id, options);
  }

  async removeContainer(id: string, options: CallOptions = {}): Promise<void> {
    await this.containers.remove(id, options);
  }

  async inspectContainer(id: string, options: CallOptions = {}): Promise<ContainerDetails | undefined> {
    return inspectContainer(this.client, id, options);
  }

  async listContainers(options: ListContainersOptions): Promise<readonly ContainerSummary[]> {
    return this.containers.list(options);
  }

  containerLogs(id: string, options: LogOptions): AsyncIterable<OutputChunk> {
    return containerLogs(this.client, id, options);
  }

  containerStats(id: string, options: CallOptions = {}): AsyncIterable<ContainerStats> {
    return containerStats(this.client, id, options);
  }

  async exec(id: string, spec: ExecSpec, options: CallOptions = {}): Promise<RunningProgram> {
    return startExec({ ...options, client: this.client, containerId: id, spec });
  }

  async copyTo(id: string, folder: string, tar: AsyncIterable<Uint8Array>, options: CallOptions = {}): Promise<void> {
    await this.archives.copyTo(id, { ...options, folder, tar });
  }

  copyFrom(id: string, path: string, options: CallOptions = {}): AsyncIterable<Uint8Array> {
    return this.archives.copyFrom(id, path, options);
  }

  async statPath(id: string, path: string, options: CallOptions = {}): Promise<PathStat | undefined> {
    return this.archives.stat(id, path, options);
  }

  async listVolumes(options: LabelOptions): Promise<readonly VolumeSummary[]> {
    return this.volumes.list(options);
  }

  async removeVolume(name: string, options: CallOptions = {}): Promise<"removed" | "not-found" | "in-use"> {
    return this.volumes.remove(name, options);
  }

  watchEvents(options: LabelOptions): AsyncIterable<EngineEvent> {
    return watchEvents(this.client, options);
  }
}
