import { randomBytes } from "node:crypto";
import type { AsyncQueue } from "../../src/core/ports/AsyncQueue";
import type {
  ContainerDetails,
  ContainerEvent,
  ContainerSpec,
  ContainerState,
  ContainerSummary,
  ExecSpec,
  OutputChunk,
  PortBinding,
} from "../../src/core/ports/ContainerTypes";
import { envOf } from "./envOf";
import { FakeFiles } from "./FakeFiles";
import type { FakeImage } from "./FakeImage";
import { FakeProcess } from "./FakeProcess";
import type { FakeProgram } from "./FakeProgram";
import type { FakeTree } from "./FakeTree";
import { FakeLog } from "./FakeLog";

export interface FakeContainerOptions {
  readonly spec: ContainerSpec;
  readonly image: FakeImage;
  readonly volume: (name: string) => FakeTree;
  readonly tell: (event: ContainerEvent) => void;
}

/** A container in memory, with what runs in it. */
export class FakeContainer {
  readonly id = randomBytes(32).toString("hex");
  readonly created = Math.floor(Date.now() / 1000);
  readonly log = new FakeLog();
  readonly tree: FakeTree;
  readonly files: FakeFiles;
  state: ContainerState = "created";
  ports: readonly PortBinding[] = [];
  process: FakeProcess | undefined;
  /** Of the run that goes on. */
  ended: Promise<void> | undefined;
  removed = false;
  exitCode = 0;
  private hasEnded = false;
  private outOfMemory = false;
  private readonly execs = new Map<FakeProcess, AsyncQueue<OutputChunk>>();

  constructor(private readonly options: FakeContainerOptions) {
    const { spec, image, volume } = options;
    this.tree = image.tree.copy();
    this.files = new FakeFiles({ root: this.tree, spec, volume });
    this.tell("create");
  }

  get spec(): ContainerSpec {
    return this.options.spec;
  }

  get imageId(): string {
    return this.options.image.id;
  }

  get argv(): readonly string[] {
    const { command, entrypoint } = this.spec;
    const { config } = this.options.image;
    if (entrypoint !== undefined) {
      return [...entrypoint, ...(command ?? config.command)];
    }
    return command ?? [...config.entrypoint, ...config.command];
  }

  get running(): boolean {
    return this.state === "running" || this.state === "paused";
  }

  /** What runs in it is not held up: whoever asks is only told so. */
  pause(): void {
    this.state = "paused";
  }

  start(program: FakeProgram, ports: readonly PortBinding[]): void {
    this.state = "running";
    this.ports = ports;
    this.tell("start");
    const process = new FakeProcess({
      program,
      ...this.surroundings,
      tty: this.spec.tty === true,
      stdin: this.spec.stdin === true,
      first: this.spec.init !== true,
      emit: (chunk) => {
        this.log.write(chunk);
      },
    });
    this.process = process;
    this.ended = process.ended.then((code) => {
      this.state = "exited";
      this.exitCode = code;
      this.outOfMemory = process.outOfMemory;
      this.hasEnded = true;
      this.process = undefined;
      this.ended = undefined;
      this.log.end();
      this.execs.forEach((_, exec) => {
        exec.signal("SIGKILL");
      });
      this.tell("die");
    });
  }

  exec(program: FakeProgram, spec: ExecSpec, output: AsyncQueue<OutputChunk>): FakeProcess {
    const { surroundings } = this;
    const exec = new FakeProcess({
      program,
      ...surroundings,
      env: { ...surroundings.env, ...spec.env },
      workingDirectory: spec.workingDirectory ?? surroundings.workingDirectory,
      user: spec.user ?? surroundings.user,
      tty: spec.tty,
      stdin: spec.stdin,
      first: false,
      emit: (chunk) => {
        output.push(chunk);
      },
    });
    this.execs.set(exec, output);
    void exec.ended.finally(() => {
      this.execs.delete(exec);
      output.end();
    });
    return exec;
  }

  /** What was started with exec and runs. */
  execProcesses(): readonly FakeProcess[] {
    return [...this.execs.keys()];
  }

  async stop(graceSeconds: number): Promise<void> {
    this.process?.signal("SIGTERM");
    const timer = setTimeout(() => this.process?.signal("SIGKILL"), graceSeconds * 1000);
    await this.ended;
    clearTimeout(timer);
  }

  async remove(): Promise<void> {
    this.process?.signal("SIGKILL");
    await this.ended;
    this.removed = true;
    this.log.end();
    this.tell("destroy");
  }

  /** The engine is gone: whoever reads along reads no more. */
  lose(): void {
    this.log.end();
    this.execs.forEach((output) => {
      output.end();
    });
  }

  details(): ContainerDetails {
    const { id, state, running, exitCode, outOfMemory, hasEnded, ports, imageId, spec } = this;
    const { env, user, workingDirectory } = this.surroundings;
    return {
      ...{ id, state, running, exitCode, outOfMemory, hasEnded, imageId, user, workingDirectory },
      name: spec.name,
      labels: spec.labels,
      ports: running ? ports : [],
      tty: spec.tty === true,
      env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    };
  }

  summary(): ContainerSummary {
    const { id, imageId, state, ports, created, spec, running } = this;
    const { name, image, labels } = spec;
    return { id, name, image, imageId, state, status: state, labels, ports: running ? ports : [], created };
  }

  private get surroundings() {
    const { spec, files, ports } = this;
    const { config } = this.options.image;
    return {
      ...{ spec, files, ports },
      env: { ...envOf(config.env), ...spec.env },
      workingDirectory: spec.workingDirectory ?? (config.workingDirectory === "" ? "/" : config.workingDirectory),
      mounts: spec.mounts,
      user: userOf(spec) ?? config.user,
    };
  }

  private tell(action: ContainerEvent["action"]): void {
    this.options.tell({ kind: "container", id: this.id, action, labels: this.spec.labels });
  }
}

function userOf({ user }: ContainerSpec): string | undefined {
  switch (user?.kind) {
    case "host":
      return `${String(user.uid)}:${String(user.gid)}`;
    case "named":
      return user.name;
    case "image":
    case undefined:
      return undefined;
  }
}
