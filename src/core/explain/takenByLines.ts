import type { Dockerfile } from "../dockerfile/Dockerfile";
import type { ContextSelection, ContextSource } from "../fingerprint/selection/ContextSelection";
import { resolveSelection, type ResolvedSelection } from "../fingerprint/selection/resolveSelection";
import type { ContextEntry } from "../ports/BuildContext";
import { EntriesTree } from "./EntriesTree";
import type { ContextReasons } from "./Explanation";
import { showText } from "../showText";

/** What a line of the Dockerfile takes from the build context. */
export interface LineSelection {
  /** From 1. */
  readonly line: number;
  /** As it is written, in one line, not too long. */
  readonly instruction: string;
  readonly resolved: ResolvedSelection;
  readonly sources: readonly ContextSource[];
}

/** Each line that takes something, in the Dockerfile's order; none where the whole context counts. */
export function selectionsOfLines(
  selection: ContextSelection,
  entries: readonly ContextEntry[],
  syntax: Dockerfile,
): readonly LineSelection[] {
  if (selection.kind === "all") {
    return [];
  }
  const tree = new EntriesTree(entries);
  const byLine = new Map<number, ContextSource[]>();
  for (const source of selection.sources) {
    byLine.set(source.line, [...(byLine.get(source.line) ?? []), source]);
  }
  return [...byLine]
    .sort(([a], [b]) => a - b)
    .map(([line, sources]) => ({
      line,
      instruction: instructionAt(syntax, line),
      resolved: resolveSelection({ kind: "some", sources }, tree),
      sources,
    }));
}

/** How much each line takes. */
export function reasonsOf(
  selection: ContextSelection,
  lines: readonly LineSelection[],
  entries: readonly ContextEntry[],
): ContextReasons {
  if (selection.kind === "all") {
    return { kind: "all", doubts: selection.doubts };
  }
  return {
    kind: "some",
    lines: lines.map(({ line, instruction, resolved }) => {
      const taken = entries.filter(({ path }) => resolved.placeOf(path) === "counts");
      const bytes = taken.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
      return { line, instruction, entries: taken.length, bytes };
    }),
  };
}

const LONGEST_INSTRUCTION = 80;

function instructionAt({ instructions }: Dockerfile, line: number): string {
  const original = instructions.find(({ startLine }) => startLine === line)?.original ?? "";
  const text = showText(original.replace(/\\?\s*\n\s*/g, " ").trim());
  return text.length > LONGEST_INSTRUCTION ? `${text.slice(0, LONGEST_INSTRUCTION)}…` : text;
}
