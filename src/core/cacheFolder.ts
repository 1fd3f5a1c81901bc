import { join } from "node:path";
import { homeFolder } from "./homeFolder";

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
  const home = homeFolder();
  switch (platform) {
    case "win32":
      return join(variable("LOCALAPPDATA") ?? join(home, "AppData", "Local"), "slipway");
    case "darwin":
      return join(home, "Library", "Caches", "slipway");
    default:
      return join(variable("XDG_CACHE_HOME") ?? join(home, ".cache"), "slipway");
  }
}
