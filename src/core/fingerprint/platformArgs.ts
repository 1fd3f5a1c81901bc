/**
 * The arguments that BuildKit and buildah set for every build ("Automatic platform ARGs in the global scope").
 *
 * @param target the platform that is built for, and
 * @param builder the one that is built on, such as "linux/arm/v7"; undefined where it is not known.
 */
export function platformArgs(
  target: string | undefined,
  builder: string | undefined,
): Readonly<Record<string, string>> {
  return { ...argsFor("TARGET", target), ...argsFor("BUILD", builder) };
}

function argsFor(prefix: string, platform: string | undefined): Readonly<Record<string, string>> {
  const [os, architecture, variant = ""] = platform?.split("/") ?? [];
  return platform === undefined || os === undefined || architecture === undefined
    ? {}
    : {
        [`${prefix}PLATFORM`]: platform,
        [`${prefix}OS`]: os,
        [`${prefix}ARCH`]: architecture,
        [`${prefix}VARIANT`]: variant,
      };
}
