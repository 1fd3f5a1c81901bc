import type { Stats } from "node:fs";
import { ContextTable, type TableRow } from "../ContextTable";

/**
 * What a walk has looked at besides the entries that it lists: the context itself, folders that were read and are not
 * listed, and what turned out to be left out. Together with the list, that is all that the walk's result rests on.
 */
export class Witness {
  /** In the order in which they were looked at. */
  readonly table = new ContextTable();
  readonly #device: number;
  #complete = true;

  /** @param root the context itself. */
  constructor(root: TableRow, { dev }: Stats) {
    this.table.push(root);
    this.#device = dev;
  }

  /** Of the file system that all folders are on; undefined where the walk met what cannot be verified. */
  get device(): number | undefined {
    return this.#complete ? this.#device : undefined;
  }

  /** @param row of what is not listed; undefined for a folder that is. */
  folder({ dev }: Stats, row: TableRow | undefined): void {
    // What is mounted may keep no folder's times, and what it is mounted on does not tell of it.
    this.#complete &&= dev === this.#device;
    if (row !== undefined) {
      this.table.push(row);
    }
  }

  /** @param row undefined for what a table has no row for: a socket. */
  leftOut(row: TableRow | undefined): void {
    if (row === undefined) {
      this.#complete = false;
    } else {
      this.table.push(row);
    }
  }
}
