import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Contender, Sample } from "./BenchCase";
import { DIST, type ProductModule } from "./bundleProduct";
import { makeContext, type ContextShape } from "./makeContext";
import type { EngineCli } from "./EngineCli";
import type { Product } from "./Product";
import { rivalsOf, type Rival } from "./Rival";
import { runProgram, type Program } from "./runProgram";

export interface BenchOptions {
  /** Of this run; removed at its end. */
  readonly folder: string;
  readonly address: string;
  /** The engine's own program, where there is one. */
  readonly cli: EngineCli | undefined;
  readonly log: (line: string) => void;
  /** Is in the name of every image that this run builds. */
  readonly name: string;
  /** Loads Slipway anew. */
  readonly loadProduct: () => ProductModule;
}

/** What cases share: the engine, the other programs, and contexts, each made once. */
export class Bench {
  private readonly contexts = new Map<string, string>();
  private readonly programs: readonly Rival[];
  private count = 0;

  constructor(private readonly options: BenchOptions) {
    this.programs = rivalsOf(options.cli);
  }

  get address(): string {
    return this.options.address;
  }

  get cli(): EngineCli | undefined {
    return this.options.cli;
  }

  get log(): (line: string) => void {
    return this.options.log;
  }

  /** A name for an image that goes with this run. */
  imageName(what: string): string {
    return `${this.options.name}-${what}`;
  }

  /** A context of this shape, with a Dockerfile; of the same name, it is the same. */
  context(name: string, shape: ContextShape, dockerfile: string): string {
    const known = this.contexts.get(name);
    const path = known ?? this.freshFolder();
    if (known === undefined) {
      mkdirSync(path);
      makeContext(path, shape);
      this.contexts.set(name, path);
    }
    writeFileSync(join(path, "Dockerfile"), dockerfile);
    return path;
  }

  /** Moves a context to a place where no builder has seen it yet. What is in it stays in the page cache. */
  move(name: string): string {
    const path = this.contexts.get(name);
    if (path === undefined) {
      throw new Error(`there is no context ${name}`);
    }
    const moved = this.freshFolder();
    renameSync(path, moved);
    this.contexts.set(name, moved);
    return moved;
  }

  freshFolder(): string {
    return join(this.options.folder, `${this.options.name}-${String(++this.count)}`);
  }

  /** A content that no file has had yet. */
  freshContent(): string {
    return `${this.options.name} ${String(++this.count)}\n`;
  }

  get cacheFolder(): string {
    return join(this.options.folder, "slipway-cache");
  }

  /** Slipway with nothing in memory yet. */
  async open(folder: string, cacheFolder = this.cacheFolder): Promise<Product> {
    return this.options.loadProduct().Product.open(folder, this.options.address, cacheFolder);
  }

  /** `slipway …` as a whole process, as it is packed. */
  slipway(folder: string, args: readonly string[], cacheFolder = this.cacheFolder): Program {
    const [command = "", ...others] = args;
    const options = ["--engine", this.options.address, "--workspace", folder];
    return {
      argv: [process.execPath, join(DIST, "cli.js"), command, ...options, ...others],
      env: { SLIPWAY_CACHE_DIR: cacheFolder },
    };
  }

  /** `slipway status` ends with 1 where the image is not fresh, which is an answer, too. */
  async status(folder: string, cacheFolder = this.cacheFolder): Promise<Sample> {
    return runProgram({ ...this.slipway(folder, ["status"], cacheFolder), alsoFine: [1] });
  }

  async build(folder: string): Promise<Sample> {
    return runProgram(this.slipway(folder, ["build"]));
  }

  /** The programs to compare with, each building the folder that it is asked for. */
  rivals(folder: () => string, prepare?: Contender["prepare"]): readonly Contender[] {
    return this.programs.map(({ name, command }, index) => ({
      name,
      ...(prepare === undefined ? {} : { prepare }),
      run: async () => runProgram(command(folder(), `${this.options.name}-rival:${String(index)}`)),
    }));
  }

  /** The one whose time the limits are about; undefined on an engine that has none. */
  get rival(): string | undefined {
    return this.programs.find(({ counts }) => counts)?.name;
  }
}
