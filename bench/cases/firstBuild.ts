import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchCase } from "../BenchCase";
import { againstRival, notHeldToAnything } from "../againstRival";
import { TOP_FOLDERS, type ContextShape } from "../makeContext";
import { measure } from "../measure";
import type { Product } from "../Product";

export interface FirstBuildOptions {
  readonly name: string;
  readonly title: string;
  readonly shape: ContextShape;
  readonly dockerfile: string;
  readonly mostTimesRival: number;
}

/**
 * Each build is the first of its folder, so that the whole context travels, and each COPY has a file with a content of
 * its own, so that no layer is there yet.
 */
export function firstBuild(options: FirstBuildOptions): BenchCase {
  const { name, title, shape, dockerfile, mostTimesRival } = options;
  return {
    name,
    title,
    rounds: 5,
    leftOut: notHeldToAnything,
    setUp: (bench) => {
      let folder = bench.context(name, shape, dockerfile);
      let product: Product | undefined;
      const move = (): void => {
        folder = bench.move(name);
        for (let part = 0; part < TOP_FOLDERS; part++) {
          writeFileSync(join(folder, `part${String(part)}`, "new.txt"), bench.freshContent());
        }
      };
      return {
        contenders: [
          {
            name: "slipway",
            prepare: async () => {
              move();
              product = await bench.open(folder);
            },
            run: async () => measure(async () => product?.build()),
          },
          { name: "slipway build", prepare: move, run: async () => bench.build(folder) },
          ...bench.rivals(() => folder, move),
        ],
        limits: againstRival(bench, mostTimesRival),
      };
    },
  };
}
