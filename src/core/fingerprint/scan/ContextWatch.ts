import { randomUUID } from "node:crypto";
import { isAbsolute, relative, sep } from "node:path";
import type { ContextScanner, ContextSnapshot, ScanOptions } from "./ContextScanner";
import type { ScanRequest } from "./ScanRequest";

/**
 * Knows which files may have changed since a context was scanned last, so that the next scan needs to look at these
 * only. It takes everything for changed at first, when told so, after a scan that failed, and in a context that lies
 * outside of the folder that is watched.
 */
export class ContextWatch {
  readonly #id = randomUUID();
  /** Absolute paths; undefined if anything may have changed. */
  #changed: Set<string> | undefined;
  #scanner: ContextScanner | undefined;

  /** @param folder absolute: changes in it are told through `note`. */
  constructor(private readonly folder: string) {}

  /** @param path absolute, of a file or folder that was made, changed or removed. */
  note(path: string): void {
    this.#changed?.add(path);
  }

  /** Anything may have changed: the next scan looks at all of it. */
  forget(): void {
    this.#changed = undefined;
  }

  /** As ContextScanner does. */
  async scan(scanner: ContextScanner, request: ScanRequest, options: ScanOptions): Promise<ContextSnapshot> {
    options.signal?.throwIfAborted();
    this.#scanner = scanner;
    const changed = this.#changedIn(request.root);
    // What changes from here on may have been read before or after.
    this.#changed = new Set();
    try {
      return await scanner.scan({ ...request, watch: { id: this.#id, changed } }, options);
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  dispose(): void {
    this.#scanner?.unwatch(this.#id);
  }

  #changedIn(root: string): readonly string[] | undefined {
    if (this.#changed === undefined || pathIn(this.folder, root) === undefined) {
      return undefined;
    }
    const paths: string[] = [];
    for (const changed of this.#changed) {
      if (pathIn(changed, root) !== undefined) {
        // The context itself, or a folder above it.
        return undefined;
      }
      const path = pathIn(root, changed);
      if (path !== undefined) {
        paths.push(path);
      }
    }
    return paths;
  }
}

/** Relative, with "/"; "" for the folder itself, undefined for what is not in it. */
function pathIn(folder: string, path: string): string | undefined {
  const within = relative(folder, path);
  return within === ".." || within.startsWith(`..${sep}`) || isAbsolute(within) ? undefined : within.replaceAll(sep, "/");
}
