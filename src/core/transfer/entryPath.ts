/** As long as Linux lets names and paths be, in bytes. */
const LONGEST_NAME = 255;
const LONGEST_PATH = 4000;
/** What Windows takes for something else than a file's name. */
const NOT_ON_WINDOWS = /[<>:"|?*\\\p{Cc}]|[. ]$|^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?:\.|$)/iu;

/**
 * The names of the path of a tar's entry, which is not to be trusted; undefined for one that leads out of where it is
 * unpacked, or cannot be a path on this machine.
 */
export function entryPath(name: string, platform: NodeJS.Platform = process.platform): readonly string[] | undefined {
  const names = name.split("/").filter((part) => part !== "" && part !== ".");
  const usable =
    !name.startsWith("/") &&
    !name.includes("\0") &&
    Buffer.byteLength(name) <= LONGEST_PATH &&
    names.every(
      (part) =>
        part !== ".." &&
        Buffer.byteLength(part) <= LONGEST_NAME &&
        (platform !== "win32" || !NOT_ON_WINDOWS.test(part)),
    );
  return usable ? names : undefined;
}

/**
 * Whether a link stays in the folder that is unpacked, wherever the other links in it lead. So ".." may only stand at the
 * start: after a name, it would lead up from where that leads, if it is a link.
 *
 * @param depth how many folders below that folder the link is; 0 for one right in it.
 */
export function staysInside(target: string, depth: number, platform: NodeJS.Platform = process.platform): boolean {
  if (
    target === "" ||
    target.startsWith("/") ||
    target.includes("\0") ||
    (platform === "win32" && /[\\:]/.test(target))
  ) {
    return false;
  }
  const names = target.split("/").filter((part) => part !== "" && part !== ".");
  const down = names.findIndex((part) => part !== "..");
  const ups = down < 0 ? names.length : down;
  return ups <= depth && !names.slice(ups).includes("..");
}
