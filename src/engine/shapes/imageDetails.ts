import { z } from "zod";
import type { ImageDetails } from "../../core/ports/ContainerTypes";

/** Some of Podman's answers leave the algorithm out. */
export function normalizeImageId(id: string): string {
  return id.includes(":") ? id : `sha256:${id}`;
}

/** An image that has no name has "<none>:<none>" for one, on some engines. */
export function realReferences(references: readonly string[] | null | undefined): readonly string[] {
  return (references ?? []).filter((reference) => !/^<none>[:@]<none>$/.test(reference));
}

const strings = z.array(z.string()).nullish();

const shape = z.object({
  Id: z.string(),
  RepoTags: strings,
  RepoDigests: strings,
  Os: z.string().nullish(),
  Architecture: z.string().nullish(),
  Variant: z.string().nullish(),
  Size: z.number().nullish(),
  Created: z.string().nullish(),
  Config: z
    .object({
      Labels: z.record(z.string(), z.string()).nullish(),
      Env: strings,
      Entrypoint: strings,
      Cmd: strings,
      WorkingDir: z.string().nullish(),
      User: z.string().nullish(),
      ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
      OnBuild: strings,
    })
    .nullish(),
});

/** GET /images/{name}/json. Newer versions of the API leave out what is empty. */
export function parseImageDetails(value: unknown): ImageDetails {
  const { Id, RepoTags, RepoDigests, Os, Architecture, Variant, Size, Created, Config } = shape.parse(value);
  const created = Date.parse(Created ?? "");
  return {
    id: normalizeImageId(Id),
    references: realReferences(RepoTags),
    platform: platformOf(Os ?? "linux", Architecture ?? "", Variant ?? ""),
    labels: Config?.Labels ?? {},
    digests: realReferences(RepoDigests),
    sizeBytes: Size ?? 0,
    created: Number.isNaN(created) ? 0 : Math.floor(created / 1000),
    config: {
      env: Config?.Env ?? [],
      entrypoint: Config?.Entrypoint ?? [],
      command: Config?.Cmd ?? [],
      workingDirectory: Config?.WorkingDir ?? "",
      user: Config?.User ?? "",
      exposedPorts: Object.keys(Config?.ExposedPorts ?? {}),
      onBuild: Config?.OnBuild ?? [],
    },
  };
}

/** In OCI's words, which leave out the variant that every processor of its architecture is (containerd/platforms, Normalize). */
function platformOf(os: string, architecture: string, variant: string): string {
  const isUsual =
    variant === "" || `${architecture}/${variant}` === "arm64/v8" || `${architecture}/${variant}` === "amd64/v1";
  return isUsual ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}
