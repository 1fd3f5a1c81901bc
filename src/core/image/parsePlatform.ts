export interface Platform {
  readonly os: string;
  readonly architecture: string;
  /** "" where there is none, or only the usual one. */
  readonly variant: string;
}

const OPERATING_SYSTEMS = new Set(["linux", "windows", "darwin", "freebsd"]);

/** Names that mean the same, with the variant that they imply (containerd/platforms, normalizeArch). */
const ARCHITECTURES: Readonly<Record<string, readonly [string, string]>> = {
  x86_64: ["amd64", ""],
  "x86-64": ["amd64", ""],
  i386: ["386", ""],
  aarch64: ["arm64", ""],
  armhf: ["arm", "v7"],
  armel: ["arm", "v6"],
};
const USUAL_VARIANT: Readonly<Record<string, string>> = { amd64: "v1", arm64: "v8" };

/**
 * Reads a platform in each of the forms that builders take: "linux/arm64", "linux/arm/v7", "amd64", "linux".
 *
 * @param own what the engine runs on, for the parts that the text leaves out.
 */
export function parsePlatform(text: string, own?: Platform): Platform {
  const [first = "", second, third] = text.trim().toLowerCase().split("/");
  if (second !== undefined) {
    return normalize(first, second, third);
  }
  return OPERATING_SYSTEMS.has(first)
    ? { os: first, architecture: own?.architecture ?? "", variant: own?.variant ?? "" }
    : normalize(own?.os ?? "linux", first, undefined);
}

function normalize(os: string, named: string, asked: string | undefined): Platform {
  const [architecture, implied] = ARCHITECTURES[named] ?? [named, named === "arm" ? "v7" : ""];
  const variant = asked ?? implied;
  return { os, architecture, variant: variant === USUAL_VARIANT[architecture] ? "" : variant };
}
