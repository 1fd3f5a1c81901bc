import type { CaseResult, ContenderResult, LimitResult } from "./runCase";

/** A table in Markdown for each case, and what became of its limits. */
export function formatReport(results: readonly CaseResult[]): string {
  return results.map(formatCase).join("\n\n");
}

function formatCase({ name, title, rounds, contenders, limits, base: rival }: CaseResult): string {
  const base = contenders.find((contender) => contender.name === rival)?.summary.ms;
  const rows = contenders.map(({ name: who, summary, samples }) => [
    who,
    summary.ms.toFixed(0),
    spread(samples),
    base === undefined ? "" : `${(summary.ms / base).toFixed(2)} x`,
    summary.blockedMs === undefined ? "" : summary.blockedMs.toFixed(0),
    summary.memoryMb === undefined ? "" : summary.memoryMb.toFixed(0),
    summary.growthMb === undefined ? "" : summary.growthMb.toFixed(0),
  ]);
  return [
    `${title} (${name}; median of ${String(rounds)})`,
    "",
    ...table(
      ["", "ms", "from - to", base === undefined ? "" : `of ${rival ?? ""}`, "blocked ms", "MB", "grew MB"],
      rows,
    ),
    ...(limits.length === 0 ? [] : ["", ...limits.map(formatLimit)]),
  ].join("\n");
}

function spread(samples: ContenderResult["samples"]): string {
  const times = samples.map(({ ms }) => ms);
  return `${Math.min(...times).toFixed(0)} - ${Math.max(...times).toFixed(0)}`;
}

const KINDS = { ms: "", blockedMs: " (blocked)", memoryMb: "", growthMb: " (grew)" } as const;

function formatLimit({ limit, value, holds }: LimitResult): string {
  const unit = "metric" in limit ? (limit.metric === "memoryMb" || limit.metric === "growthMb" ? " MB" : " ms") : " x";
  const digits = unit === " x" ? 2 : 0;
  const what = "metric" in limit ? KINDS[limit.metric] : ` against ${limit.against}`;
  const [shown, most] = [value.toFixed(digits), limit.most.toFixed(digits)];
  return `${holds ? "ok    " : "BROKEN"} ${limit.of}${what}: ${shown}${unit}, at most ${most}${unit}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  // Columns that have nothing in them are left out.
  const used = head.map((_, column) => column === 0 || rows.some((row) => (row[column] ?? "") !== ""));
  const kept = [head, ...rows].map((row) => row.filter((_, column) => used[column]));
  const widths = (kept[0] ?? []).map((_, column) => Math.max(...kept.map((row) => (row[column] ?? "").length), 3));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(kept[0] ?? []), rule, ...kept.slice(1).map(line)];
}
