import type { SentEntry } from "../../ports/BuildContext";
import type { BuildInput } from "../BuildInput";
import type { ScanRequest } from "./ScanRequest";

/** A build context as it was at one moment. */
export interface ContextSnapshot {
  /** SHA-256, in lower-case hexadecimal, over the entries that count. */
  readonly digest: string;
  /** Of the entries that count. */
  readonly count: number;
  /** Of all files that count together. */
  readonly bytes: number;
  /**
   * What is sent to a builder, each folder before what is in it: the entries that count, and the folders on the way to
   * them. Rejects with ContextChangedError when the snapshot is not kept any more.
   */
  readonly entries: () => Promise<readonly SentEntry[]>;
  /** The entries that count, in canonical order. Rejects as `entries` does. */
  readonly inputs: () => Promise<readonly ContextInput[]>;
  /** Nobody will ask for the entries: they need not be kept until the garbage collector finds out. */
  readonly release: () => void;
}

type ContextInput = BuildInput & { readonly kind: "file" | "directory" | "symlink" | "fifo" };

export interface ScanOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Reads build contexts. */
export interface ContextScanner {
  /**
   * Rejects with BuildContextError naming what cannot be read, with ContextChangedError when something changed while it
   * was read, and with the signal's reason when aborted.
   */
  readonly scan: (request: ScanRequest, options?: ScanOptions) => Promise<ContextSnapshot>;
  /** A scan will follow soon: what it takes is started meanwhile, where that takes time. */
  readonly prepare?: () => void;
  /** Forgets the state of a watch; see ContextWatch. */
  readonly unwatch: (id: string) => void;
}
