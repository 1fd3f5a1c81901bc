import { z } from "zod";
import type { EngineInfo } from "../../core/ports/EngineInfo";

const shape = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  Os: z.string().nullish(),
  Arch: z.string().nullish(),
  Components: z.array(z.object({ Name: z.string() })).nullish(),
});

/** GET /version. Podman says what it is among its components. That it is rootless no engine says here: see isRootless. */
export function parseEngineInfo(value: unknown): EngineInfo {
  const { Version, ApiVersion, Os, Arch, Components } = shape.parse(value);
  const podman = (Components ?? []).some(({ Name }) => Name.toLowerCase().includes("podman"));
  return {
    kind: podman ? "podman" : "docker",
    version: Version,
    apiVersion: ApiVersion,
    platform: `${Os ?? "linux"}/${Arch ?? "amd64"}`,
    rootless: false,
  };
}
