/** Names that mean the same (containerd/platforms, normalizeArch). */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64", i386: "386" };

/**
 * Whether an image of platform `actual` is one for the platform `wanted`, as far as operating system and architecture
 * go. An image that does not say its architecture is taken for any; `wanted` undefined means the engine's own, of which
 * the engine has made sure when it got the image.
 */
export function isForPlatform(actual: string, wanted: string | undefined): boolean {
  const [actualOs, actualArchitecture = ""] = actual.split("/");
  const [wantedOs, wantedArchitecture = ""] = wanted?.split("/") ?? [];
  return (
    wanted === undefined ||
    actualArchitecture === "" ||
    (actualOs === wantedOs && normalize(actualArchitecture) === normalize(wantedArchitecture))
  );
}

function normalize(architecture: string): string {
  return ARCHITECTURES[architecture] ?? architecture;
}
