import type { Bench } from "../Bench";
import type { BenchCase, Contender } from "../BenchCase";
import { COPY_ALL } from "../dockerfiles";
import { HUGE, LARGE } from "../makeContext";
import { measure } from "../measure";
import type { Product } from "../Product";

const MOST_TIMES = 11;
const MOST_MB = 300;

/** Ten times as many files. The memory is that of a whole process. */
export const SCALING: BenchCase = {
  name: "scaling",
  title: "decide, 200,000 files against 20,000",
  rounds: 5,
  setUp: async (bench) => {
    const large = bench.context("large", LARGE, COPY_ALL);
    const huge = bench.context("huge", HUGE, COPY_ALL);
    return {
      contenders: [
        cold(bench, "20,000 files, no cache", large),
        cold(bench, "200,000 files, no cache", huge),
        await warm(bench, "20,000 files", large),
        await warm(bench, "200,000 files", huge),
        {
          name: "status, 200,000 files, no cache",
          run: async () => bench.status(huge, bench.freshFolder()),
        },
        { name: "status, 200,000 files", run: async () => bench.status(huge) },
      ],
      limits: [
        { of: "200,000 files, no cache", against: "20,000 files, no cache", most: MOST_TIMES },
        { of: "200,000 files", against: "20,000 files", most: MOST_TIMES },
        { of: "status, 200,000 files, no cache", metric: "memoryMb", most: MOST_MB },
        { of: "status, 200,000 files", metric: "memoryMb", most: MOST_MB },
      ],
    };
  },
};

function cold(bench: Bench, name: string, folder: string): Contender {
  let product: Product | undefined;
  return {
    name,
    prepare: async () => {
      product = await bench.open(folder, bench.freshFolder());
    },
    run: async () => measure(async () => product?.check()),
  };
}

async function warm(bench: Bench, name: string, folder: string): Promise<Contender> {
  const product = await bench.open(folder);
  await product.check();
  return { name, run: async () => measure(async () => product.check()) };
}
