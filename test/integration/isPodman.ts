import { engineVersion } from "./engineVersion";

/** Asks while the tests are being defined, where mocha does not wait for a promise. */
export function isPodman(address: string): boolean {
  return engineVersion(address).kind === "podman";
}
