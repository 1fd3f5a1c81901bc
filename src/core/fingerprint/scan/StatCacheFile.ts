import { randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { makeFolderSync } from "../../makeFolderSync";
import { decodeStatCache, type StatCacheContent } from "./statCacheFormat";

const SUFFIX = ".stat";
const TEMPORARY = ".tmp";
/** Contexts of one workspace: it has several when it has several Dockerfiles or targets. */
const MOST_FILES = 8;
/** What has been left for so long was left by a process that died while it wrote. */
const ABANDONED_MS = 60_000;
const READ = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** Where a stat cache lies; in `folder` are those of one workspace, and nothing else. */
export interface StatCachePlace {
  readonly folder: string;
  /** Of letters and digits. */
  readonly name: string;
}

export interface LoadedStatCache extends StatCacheContent {
  /** What was read, in memory that threads can share. */
  readonly file: Uint8Array;
}

/**
 * Keeps what a scan has found on disk, for this user alone. It is never an error: what is missing, damaged, of another version, or
 * cannot be read or written counts as nothing known, and costs hashing the files again.
 */
export class StatCacheFile {
  readonly #file: string;

  constructor({ folder, name }: StatCachePlace) {
    this.#file = join(folder, `${name}${SUFFIX}`);
  }

  load(): LoadedStatCache | undefined {
    try {
      const file = readWhole(this.#file);
      const content = decodeStatCache(file);
      return content === undefined ? undefined : { ...content, file };
    } catch {
      return undefined;
    }
  }

  /**
   * Replaces the file at once as a whole, so that another process reads the old one or the new one.
   *
   * @param bytes as encodeStatCache makes them.
   */
  save(bytes: Uint8Array): void {
    const temporary = `${this.#file}.${randomUUID()}${TEMPORARY}`;
    try {
      const folder = dirname(this.#file);
      makeFolderSync(folder);
      // Which files there are is nobody else's business.
      chmodSync(folder, 0o700);
      writeFileSync(temporary, bytes, { mode: 0o600, flag: "wx" });
      renameSync(temporary, this.#file);
      dropOld(folder);
    } catch {
      remove(temporary);
    }
  }
}

function readWhole(path: string): Uint8Array {
  const file = openSync(path, READ);
  try {
    const stats = fstatSync(file);
    // Reading a FIFO would wait for whoever writes into it.
    const bytes = new Uint8Array(new SharedArrayBuffer(stats.isFile() ? stats.size : 0));
    for (let end = 0; end < bytes.length;) {
      const got = readSync(file, bytes, end, bytes.length - end, null);
      if (got === 0) {
        break;
      }
      end += got;
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}

function dropOld(folder: string): void {
  const aged = readdirSync(folder)
    .map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  const abandoned = aged.filter(({ path, time }) => path.endsWith(TEMPORARY) && Date.now() - time > ABANDONED_MS);
  const old = aged.filter(({ path }) => path.endsWith(SUFFIX)).slice(MOST_FILES);
  for (const { path } of [...abandoned, ...old]) {
    remove(path);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It is tried again at the next save.
  }
}
