import { randomUUID } from "node:crypto";
import { realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import type { ContextScanner, ContextSnapshot, ScanOptions } from "./ContextScanner";
import type { ScanRequest } from "./ScanRequest";

export interface WatchedScan extends ScanOptions {
  readonly scanner: ContextScanner;
  readonly request: ScanRequest;
  /** Absolute: the workspace's folder, whose changes are told. */
  readonly folder: string;
}

/**
 * Knows which files may have changed since a context was scanned last, so that the next scan needs to look at these
 * only. It takes everything for changed at first, when told so, after a scan that failed, and in a context that lies
 * outside of the folder whose changes it is told, be it that a link leads there.
 */
export class ContextWatch {
  readonly #id = randomUUID();
  /** Relative to the folder; undefined if anything may have changed. */
  #changed: Set<string> | undefined;
  #scanner: ContextScanner | undefined;

  /** @param path relative to the workspace's folder, of what was made, changed or removed: a file or a folder. */
  note(path: string): void {
    this.#changed?.add(path);
  }

  /** Anything may have changed: the next scan looks at all of it. */
  forget(): void {
    this.#changed = undefined;
  }

  /** As ContextScanner does. */
  async scan({ scanner, request, folder, signal }: WatchedScan): Promise<ContextSnapshot> {
    signal?.throwIfAborted();
    const told = await isBelow(folder, request.root);
    signal?.throwIfAborted();
    this.#scanner = scanner;
    const changed = told ? this.#changedIn(request.root, folder) : undefined;
    // What changes from here on may have been read before or after.
    this.#changed = new Set();
    try {
      return await scanner.scan({ ...request, watch: { id: this.#id, changed } }, { signal });
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** Ends it: nothing more is kept for it. */
  dispose(): void {
    this.#scanner?.unwatch(this.#id);
  }

  #changedIn(root: string, folder: string): readonly string[] | undefined {
    if (this.#changed === undefined) {
      return undefined;
    }
    const changed = [...this.#changed].map((path) => join(folder, path));
    // A change of the context itself, or of a folder above it, may be one of anything in it.
    return changed.some((path) => pathIn(path, root) !== undefined)
      ? undefined
      : changed.flatMap((path) => pathIn(root, path) ?? []);
  }
}

/** Whether it lies there, and not where a link on the way to it leads: of what changes there, other paths are told. */
async function isBelow(folder: string, root: string): Promise<boolean> {
  const within = pathIn(folder, root);
  try {
    return within !== undefined && within === pathIn(await realpath(folder), await realpath(root));
  } catch {
    return false;
  }
}

/** Relative, with "/"; "" for the folder itself, undefined for what is not in it. */
function pathIn(folder: string, path: string): string | undefined {
  const within = relative(folder, path);
  const outside = within === ".." || within.startsWith(`..${sep}`) || isAbsolute(within);
  return outside ? undefined : within.replaceAll(sep, "/");
}
