const SLASH = 0x2f;
const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

/**
 * The canonical order of a context's paths: a folder before what is in it, and names by their UTF-8 bytes. JavaScript's
 * own order is that of UTF-16, which has characters above U+FFFF before some that are below.
 */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) {
      return rank(left) - rank(right);
    }
  }
  return a.length - b.length;
}

/** The slash ends a name, and so comes before whatever goes on with it. */
function rank(unit: number): number {
  if (unit === SLASH) {
    return -1;
  }
  return unit >= FIRST_SURROGATE && unit <= LAST_SURROGATE ? unit + 0x10000 : unit;
}
