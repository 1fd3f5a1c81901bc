import type { ContextEntry } from "../ports/BuildContext";
import type { ContextTree } from "../fingerprint/selection/ContextTree";

/** The entries of a context that count, as a tree: what a Dockerfile's line takes of them can be found out once more. */
export class EntriesTree implements ContextTree {
  private readonly entries = new Map<string, ContextEntry>();
  private readonly names = new Map<string, Set<string>>([["", new Set()]]);

  constructor(entries: readonly ContextEntry[]) {
    for (const entry of entries) {
      this.entries.set(entry.path, entry);
      // Folders on the way to what counts may not count themselves.
      for (let path = entry.path; path !== "";) {
        const parent = path.slice(0, Math.max(path.lastIndexOf("/"), 0));
        const name = path.slice(parent === "" ? 0 : parent.length + 1);
        const siblings = this.names.get(parent);
        if (siblings?.has(name) === true) {
          break;
        }
        this.names.set(parent, (siblings ?? new Set()).add(name));
        path = parent;
      }
    }
  }

  readonly kindOf = (path: string): "file" | "directory" | "symlink" | "other" | undefined => {
    const kind = this.entries.get(path)?.kind;
    switch (kind) {
      case "file":
      case "directory":
      case "symlink":
        return kind;
      case "fifo":
        return "other";
      case undefined:
        return this.names.has(path) ? "directory" : undefined;
    }
  };

  readonly linkOf = (path: string): string => {
    const entry = this.entries.get(path);
    return entry?.kind === "symlink" ? entry.target : "";
  };

  readonly namesIn = (path: string): readonly string[] => [...(this.names.get(path) ?? [])];
}
