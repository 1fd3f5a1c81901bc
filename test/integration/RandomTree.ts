import {
  chmodSync,
  lstatSync,
  type Stats,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pathsIn } from "./pathsIn";
import type { RandomSource } from "./RandomSource";

const NAMES = ["a", "b", "c", "a.md", "b.md", "d.js", "ab", "x y"] as const;
const FILE_MODES = [0o644, 0o644, 0o755, 0o600] as const;
const FOLDER_MODES = [0o755, 0o755, 0o755, 0o700] as const;

export interface RandomTreeOptions {
  /** An empty folder. */
  readonly root: string;
  readonly random: RandomSource;
  /** Goes into every file, so that no other test has had the same content before. */
  readonly salt: string;
  /** Whether links may lead out of the folder; true if absent. */
  readonly linksOut?: boolean;
}

/** A folder of random files, folders and links of all kinds, and what can become of it. */
export class RandomTree {
  readonly #root: string;
  readonly #random: RandomSource;
  readonly #salt: string;
  readonly #linksOut: boolean;
  #written = 0;

  constructor({ root, random, salt, linksOut = true }: RandomTreeOptions) {
    this.#root = root;
    this.#random = random;
    this.#salt = salt;
    this.#linksOut = linksOut;
    for (let left = 4 + random.below(14); left > 0; left -= 1) {
      this.#add();
    }
  }

  /** All that is there, folders before what is in them. */
  get paths(): readonly string[] {
    return pathsIn(this.#root);
  }

  get folders(): readonly string[] {
    return this.paths.filter((path) => this.#stat(path).isDirectory());
  }

  /** @returns what was done, for people */
  edit(): string {
    const { paths } = this;
    if (paths.length === 0) {
      return this.#add();
    }
    const path = this.#random.pick(paths);
    const at = join(this.#root, path);
    const stats = this.#stat(path);
    switch (
      this.#random.pick(["add", "remove", "rename", "change", "change", "change", "mode", "replace", "touch"] as const)
    ) {
      case "add":
        return this.#add();
      case "remove":
        rmSync(at, { recursive: true });
        return `removed ${path}`;
      case "rename": {
        const name = join(dirname(path), `${this.#random.pick(NAMES)}2`);
        if (name === path) {
          return `left ${path}`;
        }
        rmSync(join(this.#root, name), { recursive: true, force: true });
        renameSync(at, join(this.#root, name));
        return `renamed ${path} to ${name}`;
      }
      case "mode":
        if (stats.isSymbolicLink()) {
          return this.#link(path);
        }
        chmodSync(at, this.#random.pick(stats.isDirectory() ? FOLDER_MODES : FILE_MODES));
        return `changed the mode of ${path}`;
      case "replace":
        rmSync(at, { recursive: true });
        return this.#put(path);
      case "touch":
        if (!stats.isSymbolicLink()) {
          utimesSync(at, 1000, 1000 + this.#random.below(1000));
        }
        return `touched ${path}`;
      case "change":
        if (stats.isSymbolicLink()) {
          return this.#link(path);
        }
        return stats.isFile() ? this.#write(path) : this.#add();
    }
  }

  #add(): string {
    const folder = this.#random.pick(["", "", ...this.folders]);
    const path = join(folder, this.#random.pick(NAMES));
    return this.#exists(path) ? `left ${path}` : this.#put(path);
  }

  #put(path: string): string {
    switch (this.#random.pick(["file", "file", "file", "folder", "folder", "link"] as const)) {
      case "file":
        return this.#write(path);
      case "folder":
        mkdirSync(join(this.#root, path));
        chmodSync(join(this.#root, path), this.#random.pick(FOLDER_MODES));
        return `made the folder ${path}`;
      case "link":
        return this.#link(path);
    }
  }

  #write(path: string): string {
    const at = join(this.#root, path);
    this.#written += 1;
    writeFileSync(at, `${this.#salt} ${String(this.#written)}\n`);
    chmodSync(at, this.#random.pick(FILE_MODES));
    return `wrote ${path}`;
  }

  /** To what is there, to what is not, in circles, and out of the folder. */
  #link(path: string): string {
    const target = this.#random.pick([...this.paths, ...this.paths, ...NAMES]);
    const up = "../".repeat(this.#linksOut && this.#random.chance(10) ? 4 : path.split("/").length - 1);
    const detour = this.#random.chance(15) ? `${this.#random.pick(NAMES)}/../` : "";
    const written = this.#linksOut && this.#random.chance(20) ? `/${detour}${target}` : `${up}${detour}${target}`;
    rmSync(join(this.#root, path), { recursive: true, force: true });
    symlinkSync(written, join(this.#root, path));
    return `linked ${path} to ${written}`;
  }

  #stat(path: string): Stats {
    return lstatSync(join(this.#root, path));
  }

  #exists(path: string): boolean {
    return lstatSync(join(this.#root, path), { throwIfNoEntry: false }) !== undefined;
  }
}
