import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { homeFolder } from "../../core/homeFolder";
import { readRegularFileSync } from "../../core/readRegularFileSync";
import { isProgram } from "../transport/isProgram";
import type { EndpointEnvironment } from "./EndpointEnvironment";

/**
 * This machine, as this process sees it.
 *
 * @param options whether a setting allows engines on other machines without TLS; SLIPWAY_ALLOW_PLAIN_TCP=1 does, too
 */
export function currentEnvironment(options: { readonly allowPlainTcp?: boolean } = {}): EndpointEnvironment {
  return {
    platform: process.platform,
    env: process.env,
    homeFolder: homeFolder(),
    temporaryFolder: tmpdir(),
    userId: process.getuid?.(),
    allowPlainTcp: options.allowPlainTcp === true || process.env["SLIPWAY_ALLOW_PLAIN_TCP"] === "1",
    readFile: (path) => unlessFailed(() => readRegularFileSync(path)),
    listFolder: (path) => unlessFailed(() => readdirSync(path).sort()) ?? [],
    isProgram,
  };
}

/** Whatever is in the way: a file that cannot be read says as little as one that is not there. */
function unlessFailed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
