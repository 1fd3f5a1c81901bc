import type { ContextTree } from "../../src/core/fingerprint/selection/ContextTree";

/**
 * A build context in memory. A path that ends in "/" is a folder, `"link -> target"` a symbolic link, all else a file;
 * the folders above are there as well.
 */
export class FakeContextTree implements ContextTree {
  readonly #kinds = new Map<string, "file" | "directory" | "symlink">([["", "directory"]]);
  readonly #targets = new Map<string, string>();

  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const [path = "", target] = entry.split(" -> ");
      const names = path.split("/");
      for (let depth = 1; depth < names.length; depth += 1) {
        this.#kinds.set(names.slice(0, depth).join("/"), "directory");
      }
      if (target !== undefined) {
        this.#kinds.set(path, "symlink");
        this.#targets.set(path, target);
      } else if (!path.endsWith("/")) {
        this.#kinds.set(path, "file");
      }
    }
  }

  /** All paths but "", folders before what is in them. */
  get paths(): readonly string[] {
    return [...this.#kinds.keys()].filter((path) => path !== "").sort();
  }

  readonly kindOf = (path: string): "file" | "directory" | "symlink" | undefined => this.#kinds.get(path);

  readonly linkOf = (path: string): string => {
    const target = this.#targets.get(path);
    if (target === undefined) {
      throw new Error(`${path} is no link`);
    }
    return target;
  };

  readonly namesIn = (folder: string): readonly string[] => {
    if (this.#kinds.get(folder) !== "directory") {
      throw new Error(`${folder} is no folder`);
    }
    const prefix = folder === "" ? "" : `${folder}/`;
    return this.paths.flatMap((path) =>
      path.startsWith(prefix) && !path.slice(prefix.length).includes("/") ? path.slice(prefix.length) : [],
    );
  };
}
