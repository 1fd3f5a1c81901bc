import { againstRival } from "../againstRival";
import type { BenchCase } from "../BenchCase";
import { COPY_ALL } from "../dockerfiles";
import { LARGE } from "../makeContext";
import { measure } from "../measure";

const MOST_MS = 120;
const MOST_TIMES_RIVAL = 0.2;

/** Slipway decides that there is nothing to do; the others find out by a build. */
export const NOTHING_CHANGED: BenchCase = {
  name: "unchanged",
  title: "nothing changed, decide only, large, warm cache",
  rounds: 9,
  setUp: async (bench) => {
    const folder = bench.context("large", LARGE, COPY_ALL);
    const product = await bench.open(folder);
    await product.build();
    return {
      contenders: [
        { name: "slipway", run: async () => measure(async () => product.check()) },
        { name: "slipway status", run: async () => bench.status(folder) },
        { name: "slipway build", run: async () => bench.build(folder) },
        ...bench.rivals(() => folder),
      ],
      limits: [{ of: "slipway", metric: "ms", most: MOST_MS }, ...againstRival(bench, MOST_TIMES_RIVAL)],
    };
  },
};
