import { usedAt, type WorkspaceImage } from "./WorkspaceImage";

/** Why an image stays. */
export type KeepReason =
  /** It is the fresh one, or the one that the next build replaces. */
  | { readonly kind: "current" }
  /** Names of the containers that were made of it. */
  | { readonly kind: "in-use"; readonly by: readonly string[] }
  /** What somebody has named so is not ours alone. */
  | { readonly kind: "named"; readonly names: readonly string[] }
  /** Somebody is building it, or has built it or found it fresh just now, after the current one. */
  | { readonly kind: "busy" }
  /** It is one of the last, of which some are kept. */
  | { readonly kind: "recent" }
  /** The engine holds on to it, as when another image was made of it. */
  | { readonly kind: "engine" };

export interface PlannedImage {
  readonly image: WorkspaceImage;
  /** Undefined when it goes. */
  readonly keep: KeepReason | undefined;
}

/** How many superseded images stay where nobody says how many. */
export const KEPT_BY_DEFAULT = 2;

/** How long another process's image is left in peace, in milliseconds: until its container has been made of it. */
const BUSY_MS = 3 * 60_000;

/**
 * What a clean-up does. Images without a name always go, since no build can find them again.
 *
 * @param images as listWorkspaceImages gives them.
 * @param keep how many of those that were used last stay, besides the current one.
 * @param now in milliseconds since 1970.
 */
export function planCleanUp(
  images: readonly WorkspaceImage[],
  { keep, now }: { readonly keep: number; readonly now: number },
): readonly PlannedImage[] {
  const current = images.find(({ state }) => state !== "superseded");
  const recent = new Set(
    images.filter(({ name, state }) => name !== undefined && state === "superseded").slice(0, keep),
  );
  return images.map((image) => ({ image, keep: reasonOf(image) }));

  function reasonOf(image: WorkspaceImage): KeepReason | undefined {
    if (image === current) {
      return { kind: "current" };
    }
    return (
      protectionOf(image) ??
      (isBusy(image, { current, now }) ? { kind: "busy" } : recent.has(image) ? { kind: "recent" } : undefined)
    );
  }
}

/** What nobody can overrule. */
export function protectionOf({
  usedBy,
  otherNames,
}: Pick<WorkspaceImage, "usedBy" | "otherNames">): KeepReason | undefined {
  if (usedBy.length > 0) {
    return { kind: "in-use", by: usedBy.map(({ name }) => name) };
  }
  return otherNames.length > 0 ? { kind: "named", names: otherNames } : undefined;
}

/**
 * Whether another process may be about to make a container of an image. What this process has replaced is older than the
 * current image; what is newer was built, or found fresh, by somebody who sees other files or other options.
 */
export function isBusy(
  image: Pick<WorkspaceImage, "lastUsed" | "created">,
  { current, now }: { readonly current: WorkspaceImage | undefined; readonly now: number },
): boolean {
  return current !== undefined && usedAt(image) > usedAt(current) && isJustUsed(image, now);
}

/** @param now in milliseconds since 1970. */
export function isJustUsed(image: Pick<WorkspaceImage, "lastUsed" | "created">, now: number): boolean {
  return now - usedAt(image) < BUSY_MS;
}
