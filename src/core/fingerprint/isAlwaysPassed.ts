import { PREDEFINED } from "../dockerfile/GlobalArgs";
import { isProxyName } from "./namedProxies";

/**
 * Whether a build argument has an effect though no ARG declares it: proxies reach every RUN, FROM can use those of the
 * platform, and builders read some themselves (BUILDKIT_SYNTAX, SOURCE_DATE_EPOCH; frontend/dockerui of moby/buildkit).
 */
export function isAlwaysPassed(name: string): boolean {
  return isProxyName(name) || PREDEFINED.has(name) || name === "SOURCE_DATE_EPOCH" || name.startsWith("BUILDKIT_");
}
