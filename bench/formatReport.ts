import type { CaseResult, ContenderResult, LimitResult } from "./runCase";

/** A table in Markdown for each case, and what became of its limits. */
export function formatReport(results: readonly CaseResult[], rival: string | undefined): string {
  return results.map((result) => formatCase(result, rival)).join("\n\n");
}

function formatCase({ name, title, rounds, contenders, limits }: CaseResult, rival: string | undefined): string {
  const base = contenders.find((contender) => contender.name === rival)?.median.ms;
  const rows = contenders.map(({ name: who, median, samples }) => [
    who,
    median.ms.toFixed(0),
    spread(samples),
    base === undefined ? "" : `${(median.ms / base).toFixed(2)} x`,
    median.blockedMs === undefined ? "" : median.blockedMs.toFixed(0),
    median.memoryMb === undefined ? "" : median.memoryMb.toFixed(0),
  ]);
  return [
    `${title} (${name}; median of ${String(rounds)})`,
    "",
    ...table(["", "ms", "from - to", base === undefined ? "" : `of ${rival ?? ""}`, "blocked ms", "MB"], rows),
    ...(limits.length === 0 ? [] : ["", ...limits.map(formatLimit)]),
  ].join("\n");
}

function spread(samples: ContenderResult["samples"]): string {
  const times = samples.map(({ ms }) => ms);
  return `${Math.min(...times).toFixed(0)} - ${Math.max(...times).toFixed(0)}`;
}

function formatLimit({ limit, value, holds }: LimitResult): string {
  const unit = "metric" in limit ? (limit.metric === "memoryMb" ? " MB" : " ms") : " x";
  const digits = unit === " x" ? 2 : 0;
  const what = "metric" in limit ? (limit.metric === "blockedMs" ? " (blocked)" : "") : ` against ${limit.against}`;
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
