import { join } from "node:path";
import { homeFolder } from "./homeFolder";

/** What to do where nothing can be written there, as a sentence. */
export const CACHE_FOLDER_REMEDY =
  "Make room and see that you may write there, or name another folder with the variable SLIPWAY_CACHE_DIR.";

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
