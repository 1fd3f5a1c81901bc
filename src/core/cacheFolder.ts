import { homedir, tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";

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
  // Never a folder relative to wherever this runs, which would be the workspace.
  const home = isAbsolute(homedir()) ? homedir() : tmpdir();
  switch (platform) {
    case "win32":
      return join(variable("LOCALAPPDATA") ?? join(home, "AppData", "Local"), "slipway");
    case "darwin":
      return join(home, "Library", "Caches", "slipway");
    default:
      return join(variable("XDG_CACHE_HOME") ?? join(home, ".cache"), "slipway");
  }
}
