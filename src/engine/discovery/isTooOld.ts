import { compareVersions } from "../compareVersions";

/** Of Docker 20.10 and Podman 4, the oldest engines that Slipway is tested on. Sessions of BuildKit came with 1.39. */
export const MINIMUM_API = "1.41";

/** Whether an engine whose newest API is this one is older than what Slipway needs. What is no version is not. */
export function isTooOld(apiVersion: string): boolean {
  return compareVersions(apiVersion, MINIMUM_API) < 0;
}
