/** One entry of a build context. `path` is relative to the context's root, separated by "/". */
export type ContextEntry =
  | {
      readonly kind: "file";
      readonly path: string;
      /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
      readonly mode: number;
      /** In bytes. */
      readonly size: number;
      /** Of the content, in lower-case hexadecimal. */
      readonly sha256: string;
    }
  | { readonly kind: "directory"; readonly path: string; readonly mode: number }
  | { readonly kind: "symlink"; readonly path: string; readonly target: string }
  | { readonly kind: "fifo"; readonly path: string; readonly mode: number };

/** An entry as it is sent to a builder. */
export type SentEntry = ContextEntry & {
  /** When it was changed last, in milliseconds since 1970 with fractions; undefined where nobody has looked. */
  readonly mtimeMs?: number | undefined;
};

/** What a build is made from, as it was when it was fingerprinted. */
export interface BuildContext {
  /** Absolute path of the context's folder. */
  readonly root: string;
  /**
   * What of the context the build needs, each folder before what is in it: what counts in the fingerprint, and the
   * folders on the way to it.
   */
  readonly entries: readonly SentEntry[];
  readonly dockerfile: {
    /** Relative to `root` with "/" when it lies in the context, else undefined. */
    readonly pathInContext: string | undefined;
    readonly content: Uint8Array;
  };
}
