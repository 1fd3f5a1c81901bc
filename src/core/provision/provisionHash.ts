import { createHash } from "node:crypto";
import type { ReadResource } from "./ReadResource";

/** Raised when the same resources come to make another layer. */
const FORMAT = "slipway provision 1";

type HashedResource = Pick<ReadResource, "target" | "kind" | "mode" | "fileMode" | "digest">;

/**
 * What names an image with resources: SHA-256 over the base image's ID and all of the resources that gets into the layer.
 * Not their sources, their times, nor their order, except of those with the same target.
 */
export function provisionHash(baseImageId: string, resources: readonly HashedResource[]): string {
  const parts = outerFirst(resources).map(({ target, kind, mode, fileMode, digest }) => [
    target,
    kind,
    mode,
    fileMode ?? null,
    digest,
  ]);
  return createHash("sha256")
    .update(JSON.stringify([FORMAT, baseImageId, parts]))
    .digest("hex");
}

/** What lies within another's target is put there after it, whatever order they were asked for in. */
export function outerFirst<T extends Pick<ReadResource, "target">>(resources: readonly T[]): readonly T[] {
  return [...resources].sort((a, b) => (a.target < b.target ? -1 : a.target > b.target ? 1 : 0));
}
