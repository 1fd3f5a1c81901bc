import { homedir } from "node:os";
import { join } from "node:path";

/** Where Slipway keeps what it can make again. The editor and the CLI share it, so that each knows what the other built. */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  // An empty variable counts as none.
  const variable = (name: string): string | undefined => (env[name] === "" ? undefined : env[name]);
  const own = variable("SLIPWAY_CACHE_DIR");
  if (own !== undefined) {
    return own;
  }
  switch (platform) {
    case "win32":
      return join(variable("LOCALAPPDATA") ?? join(homedir(), "AppData", "Local"), "slipway");
    case "darwin":
      return join(homedir(), "Library", "Caches", "slipway");
    default:
      return join(variable("XDG_CACHE_HOME") ?? join(homedir(), ".cache"), "slipway");
  }
}
