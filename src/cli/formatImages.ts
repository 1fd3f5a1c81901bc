import { formatAge } from "../core/image/list/formatAge";
import { formatSize } from "../core/image/list/formatSize";
import { shortId, usedAt, type WorkspaceImage } from "../core/image/list/WorkspaceImage";
import { formatTable } from "./formatTable";

const HEADER = ["STATE", "ID", "SIZE", "LAST USED", "CONTAINERS", "NAME"] as const;

/**
 * For people: a line for each image below a header.
 *
 * @param now in milliseconds since 1970.
 */
export function formatImages(images: readonly WorkspaceImage[], now: number): readonly string[] {
  return formatTable([
    HEADER,
    ...images.map((image) => [
      image.state,
      shortId(image.id),
      formatSize(image.sizeBytes),
      formatAge(now - usedAt(image)),
      image.usedBy.length === 0 ? "-" : image.usedBy.map(({ name }) => name).join(","),
      [image.name ?? "<none>", ...image.otherNames].join(", "),
    ]),
  ]);
}
