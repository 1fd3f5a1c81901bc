import type { ContainerEngine } from "../ports/ContainerEngine";
import { isForPlatform } from "./isForPlatform";

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
  return async (reference, platform) => {
    const own = (await engine.info({ signal })).platform;
    const image = await engine.inspectImage(reference, { signal });
    // A name can stand for an image of another platform than the engine's, after a pull for that.
    return image === undefined || !isForPlatform(image.platform, platform ?? own, own) ? null : image.id;
  };
}
