import { z } from "zod";
import type { EngineInfo } from "../../core/ports/EngineInfo";

const shape = z.object({
  // They get into messages and paths, and whoever answers need not be an engine.
  Version: z.string().regex(/^[\x21-\x7e]{1,100}$/),
  ApiVersion: z.string().regex(/^\d{1,3}\.\d{1,3}$/),
  Os: z.string().nullish(),
  Arch: z.string().nullish(),
  Components: z.array(z.object({ Name: z.string() })).nullish(),
});

/** GET /version. Podman says what it is among its components. That it is rootless no engine says here: see systemInfo.ts. */
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
