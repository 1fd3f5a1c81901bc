import { createHash, randomBytes } from "node:crypto";
import type { Dockerfile } from "../dockerfile/Dockerfile";
import { externalImages } from "../dockerfile/externalImages";
import { listStages } from "../dockerfile/listStages";
import { parseDockerfile } from "../dockerfile/parseDockerfile";
import { reachableStages } from "../dockerfile/reachableStages";
import {
  ContainerNotFoundError,
  ContainerStartError,
  EngineLostError,
  ImageBuildError,
  ImageNotFoundError,
} from "../errors";
import { platformArgs } from "../fingerprint/platformArgs";
import { AsyncQueue } from "./AsyncQueue";
import type { BuildEvent } from "./BuildEvent";
import type { BuildImageOptions, CallOptions, ContainerEngine, PullImageOptions } from "./ContainerEngine";
import type {
  ContainerDetails,
  ContainerEvent,
  ContainerSpec,
  ContainerState,
  ContainerSummary,
  ImageDetails,
  ImageSummary,
  Labels,
  OutputChunk,
  PortBinding,
} from "./ContainerTypes";
import type { EngineEndpoint } from "./EngineEndpoint";
import type { EngineInfo } from "./EngineInfo";

interface ProgramContext {
  readonly write: (stream: OutputChunk["stream"], text: string) => void;
  readonly env: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly mounts: ContainerSpec["mounts"];
  /** Aborted by SIGTERM. SIGKILL ends the program without asking it. */
  readonly terminate: AbortSignal;
}

/** What runs in a fake container. @returns the exit code. */
export type FakeProgram = (context: ProgramContext) => Promise<number> | number;

export interface FakeEngineOptions {
  /** References of images that are there from the beginning. */
  readonly images?: readonly string[];
  /** References that can be pulled. */
  readonly registry?: readonly string[];
  /** By the JSON of their argv. */
  readonly programs?: Readonly<Record<string, FakeProgram>>;
  /** Host ports that other programs have. */
  readonly portsInUse?: readonly number[];
}

interface FakeImage {
  readonly id: string;
  readonly platform: string;
  readonly labels: Labels;
  readonly created: number;
  readonly command: readonly string[];
  readonly workingDirectory: string;
}

interface FakeContainer {
  readonly id: string;
  readonly spec: ContainerSpec;
  readonly imageId: string;
  readonly output: OutputChunk[];
  readonly readers: Set<AsyncQueue<OutputChunk>>;
  state: ContainerState;
  exitCode: number;
  hasEnded: boolean;
  ports: readonly PortBinding[];
  run: { readonly terminate: AbortController; readonly kill: () => void; readonly ended: Promise<void> } | undefined;
}

const KILLED = 137;
const PLATFORM = "linux/amd64";

/** An engine in memory, held to the same conformance suite as the real ones. */
export class FakeContainerEngine implements ContainerEngine {
  readonly endpoint: EngineEndpoint = { address: { kind: "unix", socketPath: "/fake/engine.sock" }, source: "fake" };
  /** Names of the methods that were called, in order. */
  readonly calls: string[] = [];
  private readonly images = new Map<string, FakeImage>();
  private readonly references = new Map<string, string>();
  private readonly containers = new Map<string, FakeContainer>();
  private readonly watchers = new Set<AsyncQueue<ContainerEvent>>();
  private lost = false;

  constructor(private readonly options: FakeEngineOptions = {}) {
    for (const reference of options.images ?? []) {
      this.addImage(reference);
    }
  }

  /** From now on nothing answers, and every stream ends, as when the engine's process is killed. */
  lose(): void {
    this.lost = true;
    for (const { readers } of this.containers.values()) {
      readers.forEach((reader) => {
        reader.end();
      });
    }
  }

  /** What the next pulls give; a new image each time where undefined. */
  pulledId: string | undefined;

  /** Another name for an image. */
  tag(imageId: string, reference: string): void {
    this.references.set(normalize(reference), imageId);
  }

  /** The same reference for another image, as a push of somebody else and a pull would make it. */
  replaceImage(reference: string): void {
    this.addImage(reference);
  }

  async info(options: CallOptions = {}): Promise<EngineInfo> {
    await this.enter("info", options);
    return { kind: "docker", version: "0.0.0-fake", apiVersion: "1.41", platform: PLATFORM };
  }

  async inspectImage(reference: string, options: CallOptions = {}): Promise<ImageDetails | undefined> {
    await this.enter("inspectImage", options);
    const image = this.findImage(reference);
    return image === undefined
      ? undefined
      : { id: image.id, references: this.referencesOf(image.id), platform: image.platform, labels: image.labels };
  }

  async listImages(options: CallOptions & { readonly labels: Labels }): Promise<readonly ImageSummary[]> {
    await this.enter("listImages", options);
    return [...this.images.values()]
      .filter(({ labels }) => carries(labels, options.labels))
      .map(({ id, labels, created }) => ({ id, labels, created, references: this.referencesOf(id) }))
      .reverse();
  }

  async *pullImage(options: PullImageOptions): AsyncGenerator<BuildEvent> {
    await this.enter("pullImage", options);
    yield { type: "progress", message: `Pulling ${options.reference}` };
    if (this.options.registry?.includes(options.reference) !== true) {
      throw new ImageNotFoundError(options.reference, "no registry has it");
    }
    this.addImage(options.reference, { platform: options.platform, id: this.pulledId });
  }

  async removeImage(reference: string, options: CallOptions = {}): Promise<"removed" | "not-found" | "in-use"> {
    await this.enter("removeImage", options);
    const image = this.findImage(reference);
    if (image === undefined) {
      return "not-found";
    }
    const byReference = this.references.delete(normalize(reference));
    const rest = this.referencesOf(image.id);
    if (byReference && rest.length > 0) {
      return "removed";
    }
    const used = [...this.containers.values()].some(({ imageId }) => imageId === image.id);
    if (used || (!byReference && rest.length > 1)) {
      if (byReference) {
        this.references.set(normalize(reference), image.id);
      }
      return "in-use";
    }
    rest.forEach((name) => this.references.delete(name));
    this.images.delete(image.id);
    return "removed";
  }

  async *buildImage(options: BuildImageOptions): AsyncGenerator<BuildEvent> {
    await this.enter("buildImage", options);
    const dockerfile = parseDockerfile(Buffer.from(options.context.dockerfile.content).toString("utf8"));
    this.requireBaseImages(dockerfile, options);
    const { instructions } = dockerfile;
    let command: readonly string[] = ["sh"];
    let workingDirectory = "/";
    for (const [index, { keyword, args, json, original }] of instructions.entries()) {
      const step = {
        type: "step",
        id: String(index),
        name: `[${String(index + 1)}/${String(instructions.length)}] ${original}`,
      } as const;
      yield { ...step, state: "started" };
      if (keyword === "RUN") {
        yield* this.runStep(step, json ?? ["/bin/sh", "-c", args], options.signal);
      }
      command = keyword === "CMD" ? (json ?? ["/bin/sh", "-c", args]) : command;
      workingDirectory = keyword === "WORKDIR" ? args : workingDirectory;
      yield { ...step, state: "finished", durationMs: 0 };
    }
    const id = `sha256:${createHash("sha256")
      .update(
        JSON.stringify([
          options.context.entries,
          options.labels,
          options.args,
          options.target ?? "",
          [...options.context.dockerfile.content],
        ]),
      )
      .digest("hex")}`;
    this.images.set(id, {
      id,
      platform: PLATFORM,
      labels: options.labels,
      created: this.images.size,
      command,
      workingDirectory,
    });
    options.tags.forEach((tag) => this.references.set(normalize(tag), id));
    yield { type: "image", imageId: id };
  }

  async createContainer(spec: ContainerSpec, options: CallOptions = {}): Promise<string> {
    await this.enter("createContainer", options);
    const image = this.findImage(spec.image);
    if (image === undefined) {
      throw new ImageNotFoundError(spec.image, "no such image");
    }
    const id = randomBytes(32).toString("hex");
    const container: FakeContainer = {
      id,
      spec,
      imageId: image.id,
      output: [],
      readers: new Set(),
      state: "created",
      exitCode: 0,
      hasEnded: false,
      ports: [],
      run: undefined,
    };
    this.containers.set(id, container);
    this.tell(container, "create");
    return id;
  }

  async attachContainer(id: string, options: CallOptions = {}): Promise<AsyncIterable<OutputChunk>> {
    await this.enter("attachContainer", options);
    const container = this.require(id);
    const queue = new AsyncQueue<OutputChunk>(options.signal);
    container.readers.add(queue);
    return queue;
  }

  async startContainer(id: string, options: CallOptions = {}): Promise<void> {
    await this.enter("startContainer", options);
    const container = this.require(id);
    if (container.state === "running") {
      return;
    }
    const image = this.images.get(container.imageId);
    const argv = container.spec.command ?? image?.command ?? [];
    const program = this.options.programs?.[JSON.stringify(argv)];
    const taken = container.spec.ports.find(({ hostPort }) => this.isTaken(hostPort));
    if (taken !== undefined) {
      throw new ContainerStartError(container.spec.command, `port ${String(taken.hostPort)} is already allocated`);
    }
    if (program === undefined) {
      throw new ContainerStartError(container.spec.command, `exec: ${argv[0] ?? ""}: not found`);
    }
    this.start(container, program, container.spec.workingDirectory ?? image?.workingDirectory ?? "/");
  }

  async waitForExit(id: string, options: CallOptions = {}): Promise<number> {
    await this.enter("waitForExit", options);
    const container = this.require(id);
    await container.run?.ended;
    if (this.lost) {
      throw new EngineLostError("fake", "waiting");
    }
    return container.exitCode;
  }

  async stopContainer(id: string, options: CallOptions & { readonly graceSeconds: number }): Promise<void> {
    await this.enter("stopContainer", options);
    const { run } = this.require(id);
    if (run !== undefined) {
      run.terminate.abort();
      const timer = setTimeout(run.kill, options.graceSeconds * 1000);
      await run.ended;
      clearTimeout(timer);
    }
  }

  async removeContainer(id: string, options: CallOptions = {}): Promise<void> {
    await this.enter("removeContainer", options);
    const container = this.find(id);
    if (container !== undefined) {
      container.run?.kill();
      await container.run?.ended;
      this.containers.delete(container.id);
      this.tell(container, "destroy");
    }
  }

  async inspectContainer(id: string, options: CallOptions = {}): Promise<ContainerDetails | undefined> {
    await this.enter("inspectContainer", options);
    const container = this.find(id);
    if (container === undefined) {
      return undefined;
    }
    const { spec, state, exitCode, ports } = container;
    const running = state === "running";
    return {
      id: container.id,
      name: spec.name,
      state,
      running,
      exitCode,
      outOfMemory: false,
      hasEnded: container.hasEnded,
      labels: spec.labels,
      ports,
    };
  }

  async listContainers(options: CallOptions & { readonly labels: Labels }): Promise<readonly ContainerSummary[]> {
    await this.enter("listContainers", options);
    return [...this.containers.values()]
      .filter(({ spec }) => carries(spec.labels, options.labels))
      .map(({ id, spec: { name, image, labels }, state, ports }) => ({
        id,
        name,
        image,
        state,
        status: state,
        labels,
        ports,
      }))
      .reverse();
  }

  async *containerLogs(id: string, options: CallOptions & { readonly follow: boolean }): AsyncGenerator<OutputChunk> {
    await this.enter("containerLogs", options);
    const container = this.require(id);
    const queue = new AsyncQueue<OutputChunk>(options.signal);
    container.output.forEach((chunk) => {
      queue.push(chunk);
    });
    if (options.follow && container.state === "running") {
      container.readers.add(queue);
    } else {
      queue.end();
    }
    yield* queue;
  }

  async *watchContainers(options: CallOptions & { readonly labels: Labels }): AsyncGenerator<ContainerEvent> {
    await this.enter("watchContainers", options);
    const queue = new AsyncQueue<ContainerEvent>(options.signal);
    this.watchers.add(queue);
    try {
      for await (const event of queue) {
        if (carries(event.labels, options.labels)) {
          yield event;
        }
      }
    } finally {
      this.watchers.delete(queue);
    }
  }

  private async enter(call: string, { signal }: CallOptions): Promise<void> {
    this.calls.push(call);
    await Promise.resolve();
    signal?.throwIfAborted();
    if (this.lost) {
      throw new EngineLostError("fake", call);
    }
  }

  private start(container: FakeContainer, program: FakeProgram, workingDirectory: string): void {
    const terminate = new AbortController();
    let kill: () => void = () => undefined;
    const killed = new Promise<number>((resolve) => {
      kill = () => {
        resolve(KILLED);
      };
    });
    container.state = "running";
    container.ports = container.spec.ports.map(({ containerPort, protocol, hostIp, hostPort }, index) => {
      return { containerPort, protocol, hostIp, hostPort: hostPort ?? 40_000 + index };
    });
    this.tell(container, "start");
    let live = true;
    const write = (stream: OutputChunk["stream"], text: string): void => {
      const chunk = { stream, data: Buffer.from(text) };
      if (live && !this.lost) {
        container.output.push(chunk);
        container.readers.forEach((reader) => {
          reader.push(chunk);
        });
      }
    };
    const { env, mounts } = container.spec;
    const context = { write, env, mounts, workingDirectory, terminate: terminate.signal };
    // Not before the start has been answered, as in a real engine.
    const work = Promise.resolve().then(() => program(context));
    const ended = Promise.race([work, killed]).then((code) => {
      live = false;
      container.exitCode = code;
      container.state = "exited";
      container.hasEnded = true;
      container.run = undefined;
      container.readers.forEach((reader) => {
        reader.end();
      });
      container.readers.clear();
      this.tell(container, "die");
    });
    container.run = { terminate, kill, ended };
  }

  private requireBaseImages(dockerfile: Dockerfile, { args, target, platform = PLATFORM }: BuildImageOptions): void {
    const stages = listStages(dockerfile, { ...platformArgs(platform, PLATFORM), ...args });
    for (const { reference } of externalImages(reachableStages(stages, target))) {
      if (this.findImage(reference) === undefined) {
        throw new ImageBuildError({
          step: undefined,
          exitCode: undefined,
          output: "",
          detail: `${reference} not found`,
        });
      }
    }
  }

  private async *runStep(
    step: { readonly id: string; readonly name: string },
    argv: readonly string[],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<BuildEvent> {
    const program = this.options.programs?.[JSON.stringify(argv)];
    let output = "";
    const write = (_: OutputChunk["stream"], text: string): void => {
      output += text;
    };
    const terminate = signal ?? new AbortController().signal;
    const code = await (program?.({ write, env: {}, mounts: [], workingDirectory: "/", terminate }) ?? 127);
    signal?.throwIfAborted();
    if (output !== "") {
      yield { type: "output", stepId: step.id, text: output };
    }
    if (code !== 0) {
      yield { type: "step", ...step, state: "failed", durationMs: 0 };
      throw new ImageBuildError({ step: step.name, exitCode: code, output, detail: `exit code: ${String(code)}` });
    }
  }

  private addImage(reference: string, { platform = PLATFORM, id = newImageId() } = {}): void {
    this.images.set(id, {
      id,
      platform,
      labels: {},
      created: this.images.size,
      command: ["sh"],
      workingDirectory: "/",
    });
    this.references.set(normalize(reference), id);
  }

  private findImage(reference: string): FakeImage | undefined {
    return this.images.get(this.references.get(normalize(reference)) ?? reference);
  }

  private referencesOf(id: string): readonly string[] {
    return [...this.references].filter(([, image]) => image === id).map(([reference]) => reference);
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
    const bound = [...this.containers.values()]
      .filter(({ state }) => state === "running")
      .flatMap(({ ports }) => ports);
    return (
      port !== undefined &&
      (this.options.portsInUse?.includes(port) === true || bound.some(({ hostPort }) => hostPort === port))
    );
  }

  private tell({ id, spec }: FakeContainer, action: ContainerEvent["action"]): void {
    this.watchers.forEach((watcher) => {
      watcher.push({ id, action, labels: spec.labels });
    });
  }
}

function newImageId(): string {
  return `sha256:${randomBytes(32).toString("hex")}`;
}

function carries(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** A reference without a tag means "latest". */
function normalize(reference: string): string {
  return /:[^/]+$/.test(reference) ? reference : `${reference}:latest`;
}
