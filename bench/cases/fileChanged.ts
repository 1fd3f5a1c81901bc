import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { againstRival, notHeldToAnything } from "../againstRival";
import type { BenchCase } from "../BenchCase";
import { LARGE } from "../makeContext";
import { measure } from "../measure";

export interface FileChangedOptions {
  readonly name: string;
  readonly title: string;
  readonly dockerfile: string;
  /** The folder of the context in which a file changes. */
  readonly part: string;
  /** Whether that is a reason to build. */
  readonly builds: boolean;
  readonly mostTimesRival: number;
}

/** Before each build, one file of the large context has another content of the same size. */
export function fileChanged(options: FileChangedOptions): BenchCase {
  const { name, title, dockerfile, part, builds, mostTimesRival } = options;
  return {
    name,
    title,
    rounds: 7,
    leftOut: notHeldToAnything,
    setUp: async (bench) => {
      const folder = bench.context("large", LARGE, dockerfile);
      const change = (): void => {
        writeFileSync(join(folder, part, "changing.txt"), bench.freshContent().padStart(80));
      };
      change();
      const product = await bench.open(folder);
      await product.build();
      return {
        contenders: [
          {
            name: "slipway",
            prepare: change,
            run: async () =>
              measure(async () => {
                const { wasBuilt, reason } = await product.build();
                if (wasBuilt !== builds) {
                  throw new Error(`${name}: ${wasBuilt ? "" : "not "}built: ${reason}`);
                }
              }),
          },
          { name: "slipway build", prepare: change, run: async () => bench.build(folder) },
          ...bench.rivals(() => folder, change),
        ],
        limits: againstRival(bench, mostTimesRival),
      };
    },
  };
}
