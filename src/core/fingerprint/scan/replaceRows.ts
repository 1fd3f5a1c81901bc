import { ContextTable, type TableData, type TableRow } from "./ContextTable";

/** What has taken the place of the entries from `start` to before `end`. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly rows: readonly TableRow[];
}

/** @param replacements in the order of the table, none of them in another. */
export function replaceRows(data: TableData, replacements: readonly Replacement[]): TableData {
  const table = new ContextTable();
  let kept = 0;
  for (const { start, end, rows } of replacements) {
    table.append(data, kept, start);
    rows.forEach((row) => {
      table.push(row);
    });
    kept = end;
  }
  table.append(data, kept, data.count);
  return table.data();
}
