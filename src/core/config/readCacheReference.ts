import { isImageReference } from "../image/isImageReference";

/** Where layers are kept in the image itself. */
const INLINE = "inline";

/**
 * An entry of cacheFrom or cacheTo: "registry.example.com/app:cache", or what the docker CLI takes for the same:
 * "type=registry,ref=registry.example.com/app:cache"; for cacheTo also "inline" or "type=inline". What the docker CLI
 * has besides (local folders, cloud storage) is done by buildx itself, not by the engine.
 *
 * @returns the name of an image, or "inline"; undefined where it is neither.
 */
export function readCacheReference(text: string, direction: "from" | "to"): string | undefined {
  const attributes = new Map(text.split(",").map((field) => splitAtEquals(field)));
  const reference = attributes.size === 2 && attributes.get("type") === "registry" ? attributes.get("ref") : text;
  if (direction === "to" && (text === INLINE || text === `type=${INLINE}`)) {
    return INLINE;
  }
  return reference !== undefined && isImageReference(reference) ? reference : undefined;
}

function splitAtEquals(field: string): readonly [string, string] {
  const at = field.indexOf("=");
  return at < 0 ? [field, ""] : [field.slice(0, at), field.slice(at + 1)];
}
