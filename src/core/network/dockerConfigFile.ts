import { posix, win32 } from "node:path";
import type { Machine } from "./Machine";

/** The path of Docker's config.json, whether it is there or not (docker/cli, cli/config). */
export function dockerConfigFile({ platform, env, homeFolder }: Machine): string {
  const path = platform === "win32" ? win32 : posix;
  const folder = env["DOCKER_CONFIG"]?.trim() ? env["DOCKER_CONFIG"] : path.join(homeFolder, ".docker");
  return path.join(folder, "config.json");
}
