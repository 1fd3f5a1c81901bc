import { z } from "zod";
import type { ImageDetails, ImageSummary } from "../../core/ports/ContainerTypes";

const labels = z.record(z.string(), z.string()).nullish();

/** Podman leaves the algorithm out. */
function normalizeId(id: string): string {
  return id.includes(":") ? id : `sha256:${id}`;
}

const details = z.object({ Id: z.string(), Config: z.object({ Labels: labels }).nullish() });

/** GET /images/{name}/json. */
export function parseImageDetails(value: unknown): ImageDetails {
  const { Id, Config } = details.parse(value);
  return { id: normalizeId(Id), labels: Config?.Labels ?? {} };
}

const summary = z.object({
  Id: z.string(),
  RepoTags: z.array(z.string()).nullish(),
  Labels: labels,
  Created: z.number(),
});

/** An entry of GET /images/json. */
export function parseImageSummary(value: unknown): ImageSummary {
  const { Id, RepoTags, Labels, Created } = summary.parse(value);
  return {
    id: normalizeId(Id),
    references: (RepoTags ?? []).filter((tag) => tag !== "<none>:<none>"),
    labels: Labels ?? {},
    created: Created,
  };
}
