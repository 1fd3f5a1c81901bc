import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "../Bench";
import type { BenchCase, Limit } from "../BenchCase";
import { LARGE } from "../makeContext";
import { measure } from "../measure";
import { Product } from "../Product";

export interface FileChangedOptions {
  readonly name: string;
  readonly title: string;
  readonly dockerfile: string;
  /** The folder of the context in which a file changes. */
  readonly part: string;
  readonly limits: readonly Limit[];
}

/** Before each build, one file of the large context has another content of the same size. */
export function fileChanged(bench: Bench, { name, title, dockerfile, part, limits }: FileChangedOptions): BenchCase {
  return {
    name,
    title,
    rounds: 7,
    setUp: async () => {
      const folder = bench.context("large", LARGE, dockerfile);
      const file = join(folder, part, "changing.txt");
      const change = (): void => {
        writeFileSync(file, bench.freshContent().padStart(40));
      };
      change();
      const product = await Product.open(folder, bench.options.address, bench.cacheFolder);
      return {
        contenders: [
          { name: "slipway", prepare: change, run: async () => measure(async () => product.build()) },
          { name: "slipway build", prepare: change, run: async () => bench.slipway(folder, "build") },
          ...bench.dockerBuilds(() => folder, change),
        ],
        limits,
      };
    },
  };
}
