import type { JobEvent } from "../../src/core/job/JobEvent";
import type { Bench } from "../Bench";
import type { Limit } from "../BenchCase";
import type { Product } from "../Product";
import { runProgram, type Program } from "../runProgram";

/** A folder whose image is built and whose container runs already, so that there is nothing left to make. */
export class WarmWorkspace {
  private constructor(
    private readonly bench: Bench,
    readonly folder: string,
    private readonly product: Product,
    /** Name of its container. */
    readonly container: string,
  ) {}

  static async open(bench: Bench, folder: string): Promise<WarmWorkspace> {
    const product = await bench.open(folder);
    const { container } = await product.run(["true"]);
    return new WarmWorkspace(bench, folder, product, container);
  }

  /** Rejects when anything had to be made for it, or when it ran somewhere else. */
  async run(command: readonly string[], see?: (event: JobEvent) => void): Promise<void> {
    const { container, isWarm } = await this.product.run(command, see);
    if (!isWarm || container !== this.container) {
      throw new Error(`${command.join(" ")} ran in ${container}, which was not warm`);
    }
  }

  /** `slipway run` as a whole process. */
  slipway(...command: readonly string[]): Program {
    return this.bench.slipway(this.folder, ["run", "--", ...command]);
  }

  /** The same with the engine's own program, in the same container; undefined where there is none. */
  exec(...command: readonly string[]): Program | undefined {
    return this.bench.cli?.program("exec", "--workdir", "/workspace", this.container, ...command);
  }

  /** Name of the contender that runs `exec`. */
  get execName(): string {
    return `${this.bench.cli?.name ?? ""} exec`;
  }

  /** That `of` takes at most so many times the time of `exec`, where there is that. */
  againstExec(of: string, most: number): readonly Limit[] {
    return this.bench.cli === undefined ? [] : [{ of, against: this.execName, most }];
  }

  /** Runs `exec`. Only for contenders that are left out where there is none. */
  async runExec(program: Program | undefined): Promise<{ readonly ms: number }> {
    if (program === undefined) {
      throw new Error("the engine's own program is not there");
    }
    const { ms } = await runProgram(program);
    return { ms };
  }
}
