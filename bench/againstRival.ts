import type { Bench } from "./Bench";
import type { BenchCase, Limit } from "./BenchCase";

/** That Slipway's time is at most so many times that of the program which the limits are about, where there is one. */
export function againstRival({ rival }: Bench, most: number): readonly Limit[] {
  return rival === undefined ? [] : [{ of: "slipway", against: rival, most }];
}

/** Of cases that build. */
export const notHeldToAnything: BenchCase["leftOut"] = (kind) =>
  kind === "podman" ? "Podman has no BuildKit, so that no limit is about it" : undefined;
