import { createHash } from "node:crypto";
import type { ResolvedSelection } from "../../selection/resolveSelection";
import { DIGEST_FORMAT } from "../contextDigest";
import type { ScanRequest } from "../ScanRequest";

/**
 * What a scan is about: two with the same key have the same result as long as nothing changes on disk.
 *
 * @returns SHA-256 in lower-case hexadecimal.
 */
export function scanKey({ root, ignore }: ScanRequest, selection: Pick<ResolvedSelection, "identity">): string {
  return createHash("sha256")
    .update(JSON.stringify([DIGEST_FORMAT, root, ignore, selection.identity]))
    .digest("hex");
}
