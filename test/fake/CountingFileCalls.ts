import type { Dirent, Stats } from "node:fs";
import { FILE_CALLS, type FileCalls } from "../../src/core/fingerprint/scan/FileCalls";

/** The file calls of a scan, counted by what they were about. */
export class CountingFileCalls implements FileCalls {
  readonly lstats: string[] = [];
  readonly folders: string[] = [];
  readonly opened: string[] = [];
  /** Called after a piece of a file was read. */
  onRead: (path: string) => void = () => undefined;

  forget(): void {
    [this.lstats, this.folders, this.opened].forEach((list) => list.splice(0));
  }

  readonly lstat = (path: string): Stats => {
    this.lstats.push(path);
    return FILE_CALLS.lstat(path);
  };

  readonly readNames = (folder: string): string[] => {
    this.folders.push(folder);
    return FILE_CALLS.readNames(folder);
  };

  readonly readKinds = (folder: string): Dirent[] => {
    this.folders.push(folder);
    return FILE_CALLS.readKinds(folder);
  };

  readonly open = (path: string, flags: number | string): number => {
    this.opened.push(path);
    return FILE_CALLS.open(path, flags);
  };

  readonly read = (file: number, buffer: Uint8Array, length: number): number => {
    const got = FILE_CALLS.read(file, buffer, length);
    this.onRead(this.opened.at(-1) ?? "");
    return got;
  };

  readonly readNameBytes = FILE_CALLS.readNameBytes;
  readonly readLink = FILE_CALLS.readLink;
  readonly fstat = FILE_CALLS.fstat;
  readonly close = FILE_CALLS.close;
  readonly fileSystem = FILE_CALLS.fileSystem;
}
