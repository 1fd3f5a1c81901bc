import type { Bench } from "./Bench";
import type { BenchCase, Contender, Limit, Sample } from "./BenchCase";

export interface ContenderResult {
  readonly name: string;
  /** Of the counted rounds: the median of the times, the worst of all else. */
  readonly summary: Sample;
  readonly samples: readonly Sample[];
}

export interface LimitResult {
  readonly limit: Limit;
  /** In the limit's own unit: milliseconds, MB or times the other's milliseconds. */
  readonly value: number;
  readonly holds: boolean;
}

export interface CaseResult {
  readonly name: string;
  readonly title: string;
  readonly rounds: number;
  readonly contenders: readonly ContenderResult[];
  readonly limits: readonly LimitResult[];
  /** The contender that the others are shown beside. */
  readonly base: string | undefined;
}

export interface RunOptions {
  readonly bench: Bench;
  /** As many counted ones; the case's own number where absent. */
  readonly rounds: number | undefined;
  readonly log: (line: string) => void;
  /** Ends it after the run that is under way. */
  readonly signal: AbortSignal;
}

/** Lets the contenders run in turn, each time another one first, after one round that does not count. */
export async function runCase(
  { name, title, rounds: usual, setUp }: BenchCase,
  { bench, rounds = usual, log, signal }: RunOptions,
): Promise<CaseResult> {
  const { contenders, limits, base = bench.rival } = await setUp(bench);
  const samples = new Map<Contender, Sample[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round <= rounds; round++) {
    const first = round % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      signal.throwIfAborted();
      await contender.prepare?.(round);
      const sample = await contender.run(round);
      log(`${name} ${String(round)}/${String(rounds)} ${contender.name}: ${sample.ms.toFixed(0)} ms`);
      if (round > 0) {
        samples.get(contender)?.push(sample);
      }
    }
  }
  const results = contenders.map((contender) => {
    const all = samples.get(contender) ?? [];
    return { name: contender.name, summary: summarize(all), samples: all };
  });
  return { name, title, rounds, contenders: results, limits: checkLimits(limits, results), base };
}

function checkLimits(limits: readonly Limit[], results: readonly ContenderResult[]): readonly LimitResult[] {
  const valueOf = (name: string, metric: keyof Sample): number =>
    results.find((result) => result.name === name)?.summary[metric] ?? Number.NaN;
  return limits.map((limit) => {
    const value =
      "metric" in limit ? valueOf(limit.of, limit.metric) : valueOf(limit.of, "ms") / valueOf(limit.against, "ms");
    return { limit, value, holds: value <= limit.most };
  });
}

function summarize(samples: readonly Sample[]): Sample {
  const worst = (metric: keyof Sample): Partial<Sample> => {
    const values = samples.flatMap((sample) => sample[metric] ?? []);
    return values.length === 0 ? {} : { [metric]: Math.max(...values) };
  };
  return {
    ...{ ...worst("blockedMs"), ...worst("memoryMb"), ...worst("growthMb") },
    ms: median(samples.map(({ ms }) => ms)) ?? Number.NaN,
  };
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 || low === undefined || high === undefined ? high : (low + high) / 2;
}
