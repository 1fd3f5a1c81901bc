import type { BenchCase } from "../BenchCase";
import { COPY_ALL } from "../dockerfiles";
import { LARGE } from "../makeContext";
import { measure } from "../measure";
import type { Product } from "../Product";

const MOST_MS = 400;
const MOST_BLOCKED_MS = 50;

/** Slipway has never seen the folder, neither in memory nor on disk, and hashes all of it. */
export const NO_CACHE: BenchCase = {
  name: "no-cache",
  title: "nothing changed, decide only, large, no cache",
  rounds: 7,
  setUp: (bench) => {
    const folder = bench.context("large", LARGE, COPY_ALL);
    let product: Product | undefined;
    return {
      contenders: [
        {
          name: "slipway",
          prepare: async () => {
            product = await bench.open(folder, bench.freshFolder());
          },
          run: async () => measure(async () => product?.check()),
        },
        { name: "slipway status", run: async () => bench.status(folder, bench.freshFolder()) },
      ],
      limits: [
        { of: "slipway", metric: "ms", most: MOST_MS },
        { of: "slipway", metric: "blockedMs", most: MOST_BLOCKED_MS },
      ],
    };
  },
};
