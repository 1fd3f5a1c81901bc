import { lstatSync, readlinkSync, type Stats } from "node:fs";
import { FILE_CALLS } from "../fingerprint/scan/FileCalls";
import { permissions } from "../fingerprint/scan/permissions";
import { sortedNames } from "../fingerprint/scan/sortedNames";
import { CopyInError } from "../errors/transferErrors";
import { messageOf } from "../errors/ExpectedError";
import { TimeSlices } from "../TimeSlices";
import type { PackedEntry } from "./packTar";
import type { PathPattern } from "./pathPattern";
import { isStagingFolder } from "./StagingFolder";

export interface WalkOptions {
  /** Absolute. */
  readonly folder: string;
  /** Undefined takes everything. */
  readonly pattern?: Pick<PathPattern, "matches" | "mayMatchBelow"> | undefined;
  /** Called for what cannot be packed: sockets, FIFOs, devices, and names that are not UTF-8. */
  readonly onSkipped: (path: string) => void;
}

/** A folder that is only listed once something in it is. */
interface PendingFolder {
  readonly entry: PackedEntry;
  listed: boolean;
}

interface Place {
  readonly file: string;
  /** Relative to where the walk began. */
  readonly path: string;
  readonly taken: boolean;
  readonly pending: readonly PendingFolder[];
}

/**
 * What is in a folder, folders before what is in them, links not followed. Names are relative to the folder. What is gone
 * before it is looked at is left out. Throws CopyInError for a folder that cannot be read.
 */
export async function* walkFolder(options: WalkOptions): AsyncGenerator<PackedEntry> {
  const slices = new TimeSlices(1);
  const top = { file: options.folder, path: "", taken: options.pattern === undefined, pending: [] };
  for (const found of walk(options, top)) {
    if (found !== undefined) {
      yield found;
    }
    const pause = slices.pause();
    if (pause !== undefined) {
      await pause;
    }
  }
}

/** Yields undefined where nothing was taken, so that whoever walks a large folder can let others run meanwhile. */
function* walk(options: WalkOptions, place: Place): Generator<PackedEntry | undefined> {
  const { pattern, onSkipped } = options;
  for (const { text, valid } of namesIn(place)) {
    const path = place.path === "" ? text : `${place.path}/${text}`;
    const taken = place.taken || pattern?.matches(path) === true;
    if (isStagingFolder(text) || !(taken || pattern?.mayMatchBelow(path) === true)) {
      yield undefined;
      continue;
    }
    const file = `${place.file}/${text}`;
    const stats = valid ? tryLstat(file) : undefined;
    if (stats?.isDirectory() === true) {
      const own = { entry: folderEntry(path, stats), listed: false };
      const pending = [...place.pending, own];
      yield* taken ? list(pending) : [undefined];
      yield* walk(options, { file, path, taken, pending: taken ? [] : pending });
    } else if (taken) {
      const entry = stats === undefined ? undefined : toEntry(file, path, stats);
      if (entry !== undefined) {
        yield* list(place.pending);
        yield entry;
      } else if (stats !== undefined || !valid) {
        onSkipped(path);
      }
    } else {
      yield undefined;
    }
  }
}

/** @returns undefined for what no tar should have: a socket, a FIFO, a device. */
export function toEntry(file: string, name: string, stats: Stats): PackedEntry | undefined {
  const { mtimeMs } = stats;
  if (stats.isDirectory()) {
    return folderEntry(name, stats);
  }
  if (stats.isFile()) {
    return { kind: "file", name, mode: permissions(stats), mtimeMs, file };
  }
  return stats.isSymbolicLink() ? { kind: "symlink", name, target: readlinkSync(file), mtimeMs } : undefined;
}

function folderEntry(name: string, stats: Stats): PackedEntry {
  return { kind: "directory", name, mode: permissions(stats), mtimeMs: stats.mtimeMs };
}

function* list(folders: readonly PendingFolder[]): Generator<PackedEntry> {
  for (const folder of folders) {
    if (!folder.listed) {
      folder.listed = true;
      yield folder.entry;
    }
  }
}

function namesIn({ file, path }: Place): ReturnType<typeof sortedNames> {
  try {
    return sortedNames(FILE_CALLS, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" && path !== "") {
      return [];
    }
    throw new CopyInError(
      path === "" ? file : path,
      `the folder cannot be read (${messageOf(error)}). Make it readable, or leave it out.`,
      { cause: error },
    );
  }
}

function tryLstat(file: string): Stats | undefined {
  try {
    return lstatSync(file);
  } catch {
    return undefined;
  }
}
