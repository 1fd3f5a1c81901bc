import { z } from "zod";
import type { ImageDetails, ImageSummary } from "../../core/ports/ContainerTypes";

const labels = z.record(z.string(), z.string()).nullish();

/** Podman leaves the algorithm out. */
function normalizeId(id: string): string {
  return id.includes(":") ? id : `sha256:${id}`;
}

const details = z.object({
  Id: z.string(),
  RepoTags: z.array(z.string()).nullish(),
  Os: z.string().nullish(),
  Architecture: z.string().nullish(),
  Config: z.object({ Labels: labels }).nullish(),
});

/** GET /images/{name}/json. */
export function parseImageDetails(value: unknown): ImageDetails {
  const { Id, RepoTags, Os, Architecture, Config } = details.parse(value);
  return {
    id: normalizeId(Id),
    references: namesOf(RepoTags),
    platform: `${Os ?? "linux"}/${Architecture ?? ""}`,
    labels: Config?.Labels ?? {},
  };
}

function namesOf(tags: readonly string[] | null | undefined): readonly string[] {
  return (tags ?? []).filter((tag) => tag !== "<none>:<none>");
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
    references: namesOf(RepoTags),
    labels: Labels ?? {},
    created: Created,
  };
}
