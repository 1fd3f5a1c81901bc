/** Of Docker 20.10 and Podman 4, the oldest engines that Slipway is tested on. Sessions of BuildKit came with 1.39. */
export const MINIMUM_API = "1.41";

/** Whether an engine whose newest API is this one is older than what Slipway needs. What is no version is not. */
export function isTooOld(apiVersion: string): boolean {
  const [[major, minor], [neededMajor, neededMinor]] = [numbers(apiVersion), numbers(MINIMUM_API)];
  return major < neededMajor || (major === neededMajor && minor < neededMinor);
}

function numbers(version: string): readonly [number, number] {
  const [, major = "Infinity", minor = "0"] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return [Number(major), Number(minor)];
}
