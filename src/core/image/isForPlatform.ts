import { parsePlatform } from "./parsePlatform";

/**
 * Whether an image of platform `actual` is one for the platform `wanted`, as far as operating system and architecture
 * go. An image that does not say its architecture is taken for any.
 *
 * @param own the platform that the engine runs on.
 */
export function isForPlatform(actual: string, wanted: string, own: string): boolean {
  const image = parsePlatform(actual);
  const asked = parsePlatform(wanted, parsePlatform(own));
  return image.architecture === "" || (image.os === asked.os && image.architecture === asked.architecture);
}
