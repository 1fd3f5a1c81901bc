import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  statfsSync,
  type Dirent,
  type Stats,
} from "node:fs";

/** The file calls of a scan. They are named here so that a test can count them. */
export interface FileCalls {
  readonly lstat: (path: string) => Stats;
  readonly readNames: (folder: string) => string[];
  /** The names with what they are, which most file systems tell without a look at each. */
  readonly readKinds: (folder: string) => Dirent[];
  readonly readNameBytes: (folder: string) => Buffer[];
  readonly readLink: (path: string) => Buffer;
  readonly open: (path: string, flags: number | string) => number;
  readonly fstat: (file: number) => Stats;
  /** Reads on from where the last call ended. @returns the number of bytes. */
  readonly read: (file: number, buffer: Uint8Array, length: number) => number;
  readonly close: (file: number) => void;
  /** The type of the file system that a path is on, as statfs(2) numbers it. */
  readonly fileSystem: (path: string) => number;
}

export const FILE_CALLS: FileCalls = {
  lstat: (path) => lstatSync(path),
  readNames: (folder) => readdirSync(folder),
  readKinds: (folder) => readdirSync(folder, { withFileTypes: true }),
  readNameBytes: (folder) => readdirSync(folder, { encoding: "buffer" }),
  readLink: (path) => readlinkSync(path, { encoding: "buffer" }),
  open: (path, flags) => openSync(path, flags),
  fstat: (file) => fstatSync(file),
  read: (file, buffer, length) => readSync(file, buffer, 0, length, null),
  close: (file) => {
    closeSync(file);
  },
  fileSystem: (path) => statfsSync(path).type,
};
