/**
 * A build context as it lies on disk. Paths are relative to it, with "/"; "" is the context itself. What .dockerignore
 * leaves out may be missing.
 */
export interface ContextTree {
  /** What is there, links not followed; undefined if nothing is. */
  readonly kindOf: (path: string) => "file" | "directory" | "symlink" | "other" | undefined;
  /** Where a link leads, as it is stored. */
  readonly linkOf: (path: string) => string;
  /** What is in a folder, in any order. */
  readonly namesIn: (path: string) => readonly string[];
}
