import type { SentEntry } from "../ports/BuildContext";

/** A resource as it was at one moment. */
export interface ReadResource {
  /** As it was asked for. */
  readonly source: string;
  /** Normal and absolute, in the image. */
  readonly target: string;
  readonly kind: "file" | "folder";
  /** Of the file, or of the folder itself. */
  readonly mode: number;
  /** Of every file in the folder; undefined keeps their own. */
  readonly fileMode: number | undefined;
  readonly mtimeMs: number;
  /** SHA-256 of the file's content, or of all that is in the folder. */
  readonly digest: string;
  /** Absolute path of the file or the folder, links followed. */
  readonly path: string;
  /** What is in the folder, folders before what is in them. Rejects with ContextChangedError. */
  readonly entries: () => Promise<readonly SentEntry[]>;
  /** Nobody asks for the entries any more. */
  readonly release: () => void;
}
