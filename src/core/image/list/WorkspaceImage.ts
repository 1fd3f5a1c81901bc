/**
 * fresh: made from the files as they are now. stale: there is no fresh one, and this is the one that was used last, which
 * the next build replaces. superseded: replaced by a newer one, or without a name, so that no build can find it again.
 */
export type ImageState = "fresh" | "stale" | "superseded";

/** A container that was made of an image, whoever made it. */
export interface ImageUser {
  readonly id: string;
  readonly name: string;
  readonly running: boolean;
}

/** An image that Slipway has built for a workspace. */
export interface WorkspaceImage {
  /** "sha256:…" */
  readonly id: string;
  /** What Slipway calls it; undefined once another image has got that name, or where its build was killed before. */
  readonly name: string | undefined;
  /** What others call it, such as the configuration's `tag`. */
  readonly otherNames: readonly string[];
  readonly fingerprint: string;
  readonly state: ImageState;
  /** With all its layers, those that it shares with other images included. */
  readonly sizeBytes: number;
  /** Seconds since 1970. A build that found every step in the cache has the time of the first one. */
  readonly created: number;
  /** When a build ended with it or found it fresh, in milliseconds since 1970; undefined where that is not known. */
  readonly lastUsed: number | undefined;
  readonly usedBy: readonly ImageUser[];
}

/** When an image was last of use, in milliseconds since 1970, as far as that is known. */
export function usedAt({ lastUsed, created }: Pick<WorkspaceImage, "lastUsed" | "created">): number {
  return lastUsed ?? created * 1000;
}

/** What people know it by: short, and the same in the view and on the command line. */
export function shortName({ name, fingerprint, id }: Pick<WorkspaceImage, "name" | "fingerprint" | "id">): string {
  return name === undefined ? shortId(id) : fingerprint.slice(0, 12);
}

/** As docker and podman show it. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}
