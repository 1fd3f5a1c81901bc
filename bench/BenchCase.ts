import type { EngineKind } from "../src/core/ports/EngineInfo";
import type { Bench } from "./Bench";

/** What one run of a contender showed. */
export interface Sample {
  readonly ms: number;
  /** The longest time, in milliseconds, that the event loop of this process stood still. */
  readonly blockedMs?: number;
  /** What the process that ran took at most, in MB. */
  readonly memoryMb?: number;
  /** By how much this process's memory grew at most, in MB. */
  readonly growthMb?: number;
}

/** One way to do what a case is about. */
export interface Contender {
  readonly name: string;
  /** Not measured. `round` counts from 0; round 0 warms up and is not counted. */
  readonly prepare?: (round: number) => Promise<void> | void;
  readonly run: (round: number) => Promise<Sample>;
}

/** What must hold for a case: of times the median, of what must never be the worst of all rounds. */
export type Limit =
  | { readonly of: string; readonly metric: keyof Sample; readonly most: number }
  | { readonly of: string; readonly against: string; readonly most: number };

/** What a case needs, once it is set up. */
interface PreparedCase {
  readonly contenders: readonly Contender[];
  readonly limits: readonly Limit[];
  /** The contender that the others are shown beside; the program that builds where absent. */
  readonly base?: string | undefined;
}

export interface BenchCase {
  readonly name: string;
  readonly title: string;
  /** Counted rounds where nobody asks for another number. */
  readonly rounds: number;
  /** Why it says nothing on an engine, for people; it runs there when it is asked for by name. */
  readonly leftOut?: ((kind: EngineKind) => string | undefined) | undefined;
  readonly setUp: (bench: Bench) => Promise<PreparedCase> | PreparedCase;
}
