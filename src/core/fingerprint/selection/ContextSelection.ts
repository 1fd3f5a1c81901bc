/** One path or pattern that a COPY, an ADD or a bind mount takes from the build context. */
export interface ContextSource {
  /** Cleaned, relative to the context, with "/": "src/app.js", "*.json", "." for all of it. */
  readonly path: string;
  /** Whether `path` is a pattern (Go's filepath.Match, folder by folder). */
  readonly wildcards: boolean;
  /** Whether the folders above what is taken count, with their modes (`COPY --parents`). */
  readonly parents: boolean;
  /** Patterns of what is left out (`--exclude`), relative to what BuildKit holds them against; none for most. */
  readonly excludes: readonly string[];
  /** Of the instruction, from 1. */
  readonly line: number;
}

/** Why nobody can tell before the build what an instruction takes. */
export interface SelectionDoubt {
  /** Of the instruction, from 1; undefined for what no line of the Dockerfile says. */
  readonly line: number | undefined;
  /** For people, to follow "the whole context counts, since ": "the base image sets what SOURCE is". */
  readonly reason: string;
}

/** What the stages that are built take from the build context. Plain data: it goes to another thread. */
export type ContextSelection =
  | { readonly kind: "some"; readonly sources: readonly ContextSource[] }
  | { readonly kind: "all"; readonly doubts: readonly SelectionDoubt[] };
