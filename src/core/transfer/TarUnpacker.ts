import { closeSync, futimesSync, linkSync, mkdirSync, openSync, symlinkSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Header } from "tar-stream";
import { CopyLimitError } from "../errors/transferErrors";
import { TimeSlices } from "../TimeSlices";
import type { CopyLimits } from "./copyLimits";
import { entryPath, staysInside } from "./entryPath";
import type { PathPattern } from "./pathPattern";
import type { TarEntry } from "./readTar";
import { isSystemError, toCopyOutError } from "./toCopyOutError";

/** Why something was left out. */
export type SkipReason = "link" | "special" | "name";

export interface UnpackOptions {
  /** What is to be copied, as it was asked for. */
  readonly source: string;
  /** The name that all entries start with. */
  readonly top: string;
  /** Where what has this name comes to be: a path of this machine at which there is nothing yet, in a folder of our own. */
  readonly target: string;
  /** For paths below `top`; undefined takes everything. */
  readonly pattern: Pick<PathPattern, "matches"> | undefined;
  readonly limits: CopyLimits;
}

/** What a file system says of a name that it cannot have, or that it takes for one that it has (another case). */
const BAD_NAME = new Set(["EEXIST", "ENAMETOOLONG", "EILSEQ", "EINVAL", "ENOENT"]);
/** Times that file systems know, in seconds. */
const LATEST = 0x7fffffff;

/**
 * Unpacks the entries of a tar that is not to be trusted. What is made are files, folders, and links that stay inside; what
 * else there is, is left out and named. Only folders that were made here are written to, so that no link is ever followed.
 */
export class TarUnpacker {
  readonly skipped = new Map<SkipReason, string[]>();
  files = 0;
  bytes = 0;
  /** What has been made, by its path below the target. */
  readonly #made = new Map<string, "file" | "symlink" | "directory">();
  readonly #slices = new TimeSlices(1);
  #entries = 0;
  #allBytes = 0;

  constructor(private readonly options: UnpackOptions) {}

  /** Whether there is something at the target. */
  get isEmpty(): boolean {
    return this.#made.size === 0;
  }

  /** Rejects with CopyLimitError, and with CopyOutError when something cannot be written. */
  async add({ header, content }: TarEntry): Promise<void> {
    const pause = this.#slices.pause();
    if (pause !== undefined) {
      await pause;
    }
    this.#count(header.size);
    const names = entryPath(header.name);
    if (names === undefined || names[0] !== this.options.top) {
      this.#skip("name", header.name);
      return;
    }
    const path = names.slice(1);
    if (!this.#isAsked(path)) {
      return;
    }
    try {
      switch (header.type) {
        case "directory":
          if (!this.#makeFolder(path, header.mode)) {
            this.#skip("name", header.name);
          }
          return;
        case "file":
        case "contiguous-file":
          await this.#writeFile(path, header, content);
          return;
        case "symlink":
          this.#makeLink(path, header);
          return;
        case "link":
          this.#makeHardLink(path, header);
          return;
        case "block-device":
        case "character-device":
        case "fifo":
          this.#skip("special", header.name);
          return;
        default:
          // Of kinds that tar-stream does not know.
          header.type satisfies never;
          this.#skip("special", header.name);
      }
    } catch (error) {
      this.#failed(header.name, error);
    }
  }

  #count(size: number): void {
    const { source, limits } = this.options;
    this.#entries++;
    this.#allBytes += size;
    if (this.#entries > limits.entries) {
      throw new CopyLimitError(source, "maxEntries", limits.entries);
    }
    if (this.#allBytes > limits.bytes) {
      throw new CopyLimitError(source, "maxSize", limits.bytes);
    }
  }

  /** Whether it, or a folder that it is in, is what the pattern means. */
  #isAsked(path: readonly string[]): boolean {
    const { pattern } = this.options;
    return pattern === undefined || path.some((_, index) => pattern.matches(path.slice(0, index + 1).join("/")));
  }

  /** @returns whether there is a folder now that was made here. */
  #makeFolder(path: readonly string[], mode = 0o755): boolean {
    const known = this.#made.get(path.join("/"));
    if (known !== undefined) {
      return known === "directory";
    }
    if (path.length > 0 && !this.#makeFolder(path.slice(0, -1))) {
      return false;
    }
    // What is to be moved from here must be able to be.
    mkdirSync(this.#placeOf(path), { mode: (mode & 0o777) | 0o700 });
    this.#made.set(path.join("/"), "directory");
    return true;
  }

  async #writeFile(
    path: readonly string[],
    { name, mode, mtime }: Header,
    content: TarEntry["content"],
  ): Promise<void> {
    if (!this.#makeRoom(path)) {
      this.#skip("name", name);
      return;
    }
    // It must not be there, not even as a link.
    const descriptor = openSync(this.#placeOf(path), "wx", mode & 0o777);
    this.#made.set(path.join("/"), "file");
    this.files++;
    try {
      for await (const piece of content) {
        for (let offset = 0; offset < piece.length;) {
          offset += writeSync(descriptor, piece, offset);
        }
        this.bytes += piece.length;
        const pause = this.#slices.pause();
        if (pause !== undefined) {
          await pause;
        }
      }
      const seconds = mtime.getTime() / 1000;
      if (seconds >= 0 && seconds <= LATEST) {
        futimesSync(descriptor, seconds, seconds);
      }
    } finally {
      closeSync(descriptor);
    }
  }

  #makeLink(path: readonly string[], { name, linkname }: Header): void {
    if (path.length === 0 || !staysInside(targetOf(linkname), path.length - 1)) {
      this.#skip("link", name);
    } else if (this.#makeRoom(path)) {
      symlinkSync(linkname, this.#placeOf(path));
      this.#made.set(path.join("/"), "symlink");
      this.files++;
    } else {
      this.#skip("name", name);
    }
  }

  /** Only to a file that was made here. */
  #makeHardLink(path: readonly string[], { name, linkname }: Header): void {
    const [top, ...target] = entryPath(targetOf(linkname)) ?? [];
    if (
      top !== this.options.top ||
      this.#made.get(target.join("/")) !== "file" ||
      target.join("/") === path.join("/")
    ) {
      this.#skip("link", name);
    } else if (this.#makeRoom(path)) {
      linkSync(this.#placeOf(target), this.#placeOf(path));
      this.#made.set(path.join("/"), "file");
      this.files++;
    } else {
      this.#skip("name", name);
    }
  }

  /** Makes the folder that something is to be in, and takes away what the tar had under this name before. */
  #makeRoom(path: readonly string[]): boolean {
    const known = this.#made.get(path.join("/"));
    if (known === "directory" || (path.length > 0 && !this.#makeFolder(path.slice(0, -1)))) {
      return false;
    }
    if (known !== undefined) {
      unlinkSync(this.#placeOf(path));
      this.#made.delete(path.join("/"));
      this.files--;
    }
    return true;
  }

  #placeOf(path: readonly string[]): string {
    return join(this.options.target, ...path);
  }

  #skip(reason: SkipReason, name: string): void {
    const names = this.skipped.get(reason);
    if (names === undefined) {
      this.skipped.set(reason, [name]);
    } else {
      names.push(name);
    }
  }

  #failed(name: string, error: unknown): void {
    const { source } = this.options;
    const code = isSystemError(error) ? error.code : undefined;
    if (code === undefined) {
      throw error;
    }
    if (BAD_NAME.has(code)) {
      this.#skip("name", name);
    } else if (code === "EPERM" && process.platform === "win32") {
      // Not everybody may make links there.
      this.#skip("link", name);
    } else {
      throw toCopyOutError(source, error);
    }
  }
}

/** tar-stream has null where there is none. */
function targetOf(linkname: string | null): string {
  return linkname ?? "";
}
