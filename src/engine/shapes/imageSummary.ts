import { z } from "zod";
import type { ImageSummary } from "../../core/ports/ContainerTypes";
import { normalizeImageId, realReferences } from "./imageDetails";

const shape = z.object({
  Id: z.string(),
  RepoTags: z.array(z.string()).nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
  Created: z.number(),
  Size: z.number().nullish(),
});

/** An entry of GET /images/json. */
export function parseImageSummary(value: unknown): ImageSummary {
  const { Id, RepoTags, Labels, Created, Size } = shape.parse(value);
  return {
    id: normalizeImageId(Id),
    references: realReferences(RepoTags),
    labels: Labels ?? {},
    created: Created,
    sizeBytes: Size ?? 0,
  };
}
