import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Contender, Sample } from "./BenchCase";
import { makeDockerConfig } from "./environment.mjs";
import { makeContext, type ContextShape } from "./makeContext";
import { runProgram } from "./runProgram";

/** The docker CLI to compare with. Without buildx, it is one that has BuildKit's client in itself. */
export interface DockerCli {
  readonly docker: string;
  readonly buildx: string | undefined;
}

export interface BenchOptions {
  /** Of this run; removed at its end. */
  readonly folder: string;
  readonly address: string;
  readonly cli: DockerCli;
  /** Ends the names of the images that other contenders build. */
  readonly runId: string;
}

/** What cases share: the engine, the other programs, and contexts, each made once. */
export class Bench {
  private readonly contexts = new Map<string, string>();
  private readonly dockerConfig: string;
  private contents = 0;

  constructor(readonly options: BenchOptions) {
    this.dockerConfig = join(options.folder, "docker-config");
    makeDockerConfig(this.dockerConfig, options.cli.buildx);
  }

  get cacheFolder(): string {
    return join(this.options.folder, "slipway-cache");
  }

  /** A context of this shape, with a Dockerfile. It is the case's own as far as `name` is. */
  context(name: string, shape: ContextShape, dockerfile: string): string {
    const path = this.contexts.get(name) ?? join(this.options.folder, name, "context");
    if (!this.contexts.has(name)) {
      mkdirSync(path, { recursive: true });
      makeContext(path, shape);
      this.contexts.set(name, path);
    }
    writeFileSync(join(path, "Dockerfile"), dockerfile);
    return path;
  }

  /** Moves a context to a place where no builder has seen it yet. What is in it stays warm in the page cache. */
  move(name: string): string {
    const path = this.contexts.get(name);
    if (path === undefined) {
      throw new Error(`there is no context ${name}`);
    }
    const moved = join(this.options.folder, name, `context${String(++this.contents)}`);
    renameSync(path, moved);
    this.contexts.set(name, moved);
    return moved;
  }

  /** A content that no file has had yet. */
  freshContent(): string {
    return `${this.options.runId} ${String(++this.contents)}\n`;
  }

  tag(name: string): string {
    return `slipway-bench-${this.options.runId}:${name}`;
  }

  /** `slipway …` as a whole process, as it is packed. */
  async slipway(folder: string, ...args: readonly string[]): Promise<Sample> {
    const cli = join(import.meta.dirname, "../dist/cli.js");
    return runProgram({
      argv: [process.execPath, cli, ...args, "--engine", this.options.address, "--workspace", folder],
      env: { SLIPWAY_CACHE_DIR: this.cacheFolder },
    });
  }

  async docker(folder: string, ...args: readonly string[]): Promise<Sample> {
    const { cli, address } = this.options;
    return runProgram({
      argv: [cli.docker, ...args, "--progress", "plain", folder],
      env: {
        DOCKER_HOST: address,
        DOCKER_CONFIG: this.dockerConfig,
        DOCKER_BUILDKIT: "1",
        DOCKER_CONTEXT: undefined,
        BUILDX_BUILDER: undefined,
        BUILDX_CONFIG: undefined,
      },
    });
  }

  /** `docker build` and, where it is another program, `docker buildx build`. */
  dockerBuilds(contextOf: () => string, prepare: Contender["prepare"]): readonly Contender[] {
    const commands = [["build"], ...(this.options.cli.buildx === undefined ? [] : [["buildx", "build"]])];
    return commands.map((command) => ({
      name: `docker ${command.join(" ")}`,
      ...(prepare === undefined ? {} : { prepare }),
      run: async () => this.docker(contextOf(), ...command, "--tag", this.tag(command.join("-"))),
    }));
  }
}
