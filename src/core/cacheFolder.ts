import { homedir } from "node:os";
import { join } from "node:path";

/** Where Slipway keeps what it can make again. The editor and the CLI share it, so that each knows what the other built. */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const own = env["SLIPWAY_CACHE_DIR"];
  if (own !== undefined && own !== "") {
    return own;
  }
  switch (platform) {
    case "win32":
      return join(env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "slipway");
    case "darwin":
      return join(homedir(), "Library", "Caches", "slipway");
    default:
      return join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "slipway");
  }
}
