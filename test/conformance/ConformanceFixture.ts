import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IgnoreMatcher } from "../../src/core/dockerignore/IgnoreMatcher";
import { scanContext } from "../fake/scanContext";
import type { BuildImageOptions, CallOptions, ContainerEngine } from "../../src/core/ports/ContainerEngine";
import type { ContainerSpec, ExecSpec } from "../../src/core/ports/ContainerTypes";
import type { EngineInfo } from "../../src/core/ports/EngineInfo";
import type { RunningProgram } from "../../src/core/ports/RunningProgram";
import { collect } from "./collect";
import type { ConformanceSubject } from "./ConformanceSubject";
import { differencesOf, type EngineDifferences } from "./EngineDifferences";
import { OutputReader, type OutputTexts } from "./OutputReader";
import { BASIC } from "./programs/basicPrograms";
import type { ConformanceProgram } from "./programs/ConformanceProgram";

type SpecOverrides = Partial<ContainerSpec> & { readonly program?: ConformanceProgram };

/** What the parts of the suite share: the engine, a folder, and containers that go when their test has ended. */
export class ConformanceFixture {
  /** Of this run of the suite. */
  readonly id = randomBytes(4).toString("hex");
  /** On everything that the suite makes. */
  readonly labels: Readonly<Record<string, string>> = { "dev.slipway.test": this.id };
  private opened: { readonly engine: ContainerEngine; readonly folder: string; readonly info: EngineInfo } | undefined;
  private readonly ofThisTest = new Set<string>();

  constructor(readonly subject: ConformanceSubject) {}

  async open(): Promise<void> {
    const engine = this.subject.connect();
    const folder = await mkdtemp(join(tmpdir(), "slipway-conformance-"));
    // An engine of another user has to get in, too.
    await chmod(folder, 0o777);
    this.opened = { engine, folder, info: await engine.info() };
  }

  get engine(): ContainerEngine {
    return this.state.engine;
  }

  get info(): EngineInfo {
    return this.state.info;
  }

  get differences(): EngineDifferences {
    return differencesOf(this.info);
  }

  get caller(): { readonly uid: number; readonly gid: number } {
    return this.subject.caller(this.info);
  }

  /** A new folder that the engine can reach and write to, whoever's it is. */
  async newFolder(name = randomBytes(4).toString("hex")): Promise<string> {
    const folder = join(this.state.folder, name);
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o777);
    return folder;
  }

  newName(): string {
    return `slipway-test-${this.id}-${randomBytes(3).toString("hex")}`;
  }

  /** A name for an image, for which every engine looks on this machine only. */
  newReference(): string {
    return `localhost/slipway-test/${this.id}:${randomBytes(3).toString("hex")}`;
  }

  specOf({ program = BASIC.ok, ...overrides }: SpecOverrides = {}): ContainerSpec {
    return {
      image: "busybox",
      name: this.newName(),
      command: program.argv,
      workingDirectory: undefined,
      env: {},
      labels: this.labels,
      mounts: [],
      ports: [],
      ...overrides,
    };
  }

  /** Removed after the test, or by `keep` not before the suite's end. */
  async create(overrides: SpecOverrides = {}, { keep = false } = {}): Promise<string> {
    const id = await this.engine.createContainer(this.specOf(overrides));
    if (!keep) {
      this.ofThisTest.add(id);
    }
    return id;
  }

  async start(overrides: SpecOverrides = {}, options: { readonly keep?: boolean } = {}): Promise<string> {
    const id = await this.create({ program: BASIC.sleep, ...overrides }, options);
    await this.engine.startContainer(id);
    return id;
  }

  /** Starts a container whose output is read along. */
  async startReading(overrides: SpecOverrides): Promise<{ readonly id: string; readonly output: OutputReader }> {
    const id = await this.create(overrides);
    const output = new OutputReader(await this.engine.attachContainer(id));
    await this.engine.startContainer(id);
    return { id, output };
  }

  async runToEnd(overrides: SpecOverrides): Promise<OutputTexts & { readonly code: number; readonly id: string }> {
    const { id, output } = await this.startReading(overrides);
    const texts = await output.end();
    return { id, ...texts, code: await this.engine.waitForExit(id) };
  }

  async exec(
    id: string,
    program: ConformanceProgram,
    { signal, ...overrides }: Partial<ExecSpec> & CallOptions = {},
  ): Promise<RunningProgram> {
    return this.engine.exec(
      id,
      {
        ...{ command: program.argv, env: {}, workingDirectory: undefined, user: undefined, tty: false, stdin: false },
        ...overrides,
      },
      { signal },
    );
  }

  async execToEnd(
    id: string,
    program: ConformanceProgram,
    overrides: Partial<ExecSpec> = {},
  ): Promise<OutputTexts & { readonly code: number }> {
    const running = await this.exec(id, program, overrides);
    try {
      const texts = await new OutputReader(running.output).end();
      return { ...texts, code: await running.exitCode() };
    } finally {
      running.close();
    }
  }

  /** @param folder the context; an empty one where undefined. */
  async buildOptions(
    dockerfile: string,
    { folder, ...overrides }: Partial<BuildImageOptions> & { readonly folder?: string } = {},
  ): Promise<BuildImageOptions> {
    const root = folder ?? (await this.newFolder());
    const entries = await scanContext({ root, ignore: new IgnoreMatcher([]) });
    return {
      context: { root, entries, dockerfile: { pathInContext: undefined, content: Buffer.from(dockerfile) } },
      tags: [this.newReference()],
      labels: this.labels,
      args: {},
      ...overrides,
    };
  }

  /** @returns the image's name. */
  async build(
    dockerfile: string,
    overrides: Partial<BuildImageOptions> & { readonly folder?: string } = {},
  ): Promise<string> {
    const options = await this.buildOptions(dockerfile, overrides);
    await collect(this.engine.buildImage(options));
    return options.tags[0] ?? "";
  }

  /** After each test, whether it has failed or not. */
  async clean(): Promise<void> {
    const ids = [...this.ofThisTest];
    this.ofThisTest.clear();
    await Promise.all(ids.map(async (id) => this.engine.removeContainer(id)));
  }

  async close(): Promise<void> {
    const { engine, folder } = this.state;
    const { labels } = this;
    for (const { id } of await engine.listContainers({ labels })) {
      await engine.removeContainer(id);
    }
    for (const { name } of await engine.listVolumes({ labels })) {
      await engine.removeVolume(name);
    }
    await this.removeImages();
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }

  /** Podman keeps, without a name, what another image was built on: that goes after the other one. */
  private async removeImages(): Promise<void> {
    const { engine, labels } = this;
    for (let round = 0; round < 3; round++) {
      for (const { id, references } of await engine.listImages({ labels })) {
        for (const reference of references.length > 0 ? references : [id]) {
          await engine.removeImage(reference);
        }
      }
    }
  }

  private get state(): { readonly engine: ContainerEngine; readonly folder: string; readonly info: EngineInfo } {
    if (this.opened === undefined) {
      throw new Error("Only the tests themselves have an engine, not what defines them.");
    }
    return this.opened;
  }
}
