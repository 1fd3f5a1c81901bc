import { parsePlatform, type Platform } from "../image/parsePlatform";

/**
 * The arguments that BuildKit and buildah set for every build ("Automatic platform ARGs in the global scope").
 *
 * @param target the platform that is built for, in any of its forms; the engine's own where undefined.
 * @param engine the one that the engine runs on; undefined where it is not known.
 */
export function platformArgs(target: string | undefined, engine: string | undefined): Readonly<Record<string, string>> {
  const own = engine === undefined ? undefined : parsePlatform(engine);
  const built = target === undefined ? own : parsePlatform(target, own);
  return { ...argsFor("TARGET", built), ...argsFor("BUILD", own) };
}

function argsFor(prefix: string, platform: Platform | undefined): Readonly<Record<string, string>> {
  if (platform === undefined || platform.architecture === "") {
    return {};
  }
  const { os, architecture, variant } = platform;
  return {
    [`${prefix}PLATFORM`]: [os, architecture, variant].filter((part) => part !== "").join("/"),
    [`${prefix}OS`]: os,
    [`${prefix}ARCH`]: architecture,
    [`${prefix}VARIANT`]: variant,
  };
}
