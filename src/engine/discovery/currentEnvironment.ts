import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import type { EndpointEnvironment } from "./EndpointEnvironment";

/** This machine, as this process sees it. */
export function currentEnvironment(): EndpointEnvironment {
  return {
    platform: process.platform,
    env: process.env,
    homeFolder: homedir(),
    userId: process.getuid?.(),
    readFile: (path) => {
      try {
        return readFileSync(path, "utf8");
      } catch {
        return undefined;
      }
    },
  };
}
