import type { Bench } from "./Bench";
import type { Limit } from "./BenchCase";

/** That Slipway's time is at most so many times that of the program which the limits are about, where there is one. */
export function againstRival({ rival }: Bench, most: number): readonly Limit[] {
  return rival === undefined ? [] : [{ of: "slipway", against: rival, most }];
}
