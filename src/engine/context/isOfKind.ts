import type { BigIntStats, Stats } from "node:fs";
import type { ContextEntry } from "../../core/ports/BuildContext";

/** Whether what is on disk is still of the kind that was fingerprinted. */
export function isOfKind(stats: Stats | BigIntStats, kind: ContextEntry["kind"]): boolean {
  switch (kind) {
    case "file":
      return stats.isFile();
    case "directory":
      return stats.isDirectory();
    case "symlink":
      return stats.isSymbolicLink();
    case "fifo":
      return stats.isFIFO();
  }
}
