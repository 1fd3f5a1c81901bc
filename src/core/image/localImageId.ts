import type { ContainerEngine } from "../ports/ContainerEngine";
import { localImage } from "./localImage";

/**
 * Looks up base images on an engine.
 *
 * @returns a function that gives the ID of the local image behind a reference, or null where there is none or only one
 * for another platform.
 */
export function localImageId(
  engine: ContainerEngine,
  signal: AbortSignal | undefined,
): (reference: string, platform: string | undefined) => Promise<string | null> {
  const imageOf = localImage(engine, signal);
  return async (reference, platform) => (await imageOf(reference, platform))?.id ?? null;
}
