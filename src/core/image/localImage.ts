import type { ImageLookup } from "../fingerprint/LocalImage";
import type { ContainerEngine } from "../ports/ContainerEngine";
import { isForPlatform } from "./isForPlatform";

/**
 * Looks up base images on an engine.
 *
 * @returns a function that gives the local image behind a reference, or null where there is none or only one for another
 * platform.
 */
export function localImage(engine: ContainerEngine, signal: AbortSignal | undefined): ImageLookup {
  return async (reference, platform) => {
    const own = (await engine.info({ signal })).platform;
    const image = await engine.inspectImage(reference, { signal });
    // A name can stand for an image of another platform than the engine's, after a pull for that.
    if (image === undefined || !isForPlatform(image.platform, platform ?? own, own)) {
      return null;
    }
    const { env, onBuild } = image.config;
    return { id: image.id, env: Object.fromEntries(env.map(nameAndValue)), onBuild };
  };
}

function nameAndValue(variable: string): readonly [string, string] {
  const end = variable.indexOf("=");
  return end < 0 ? [variable, ""] : [variable.slice(0, end), variable.slice(end + 1)];
}
