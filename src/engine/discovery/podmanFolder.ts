import { posix } from "node:path";
import { variable, type EndpointEnvironment } from "./EndpointEnvironment";

/** The user's folder of what Podman and the programs around it are configured with. */
export function podmanFolder(environment: EndpointEnvironment): string {
  const roaming = environment.platform === "win32" ? variable(environment, "APPDATA") : undefined;
  const folder = roaming ?? variable(environment, "XDG_CONFIG_HOME") ?? posix.join(environment.homeFolder, ".config");
  return posix.join(folder, "containers");
}
