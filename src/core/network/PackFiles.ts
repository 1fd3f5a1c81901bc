export interface PackedFile {
  /** Relative to where the tar will be unpacked; folders on the way are made. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** Makes a tar, not compressed, of files that belong to root and that everybody may read. */
export type PackFiles = (files: readonly PackedFile[]) => AsyncIterable<Uint8Array>;
