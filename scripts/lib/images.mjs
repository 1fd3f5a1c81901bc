import { importBusybox } from "./busyboxImage.mjs";
import { shortHash, withCacheLock } from "./cache.mjs";
import { hasImage } from "./engineApi.mjs";
import { provideNodeImage } from "./nodeImage.mjs";
import { throwIfStopping } from "./run.mjs";

/** The images that the sample and the tests start from, and how an engine gets each. */
const providers = { "busybox:latest": importBusybox, "node:20": provideNodeImage };

/**
 * Sees to it that an engine has these images; what it has is left alone.
 * @param {string} endpoint
 * @param {(keyof typeof providers)[]} references
 * @param {(line: string) => void} [log]
 * @param {{ readonly isOwn?: boolean }} [options] isOwn: the engine is one that these scripts have started
 * @returns {Promise<string[]>} those that were made here and now, because no registry had them
 */
export async function ensureImages(endpoint, references, log = console.log, { isOwn = true } = {}) {
  const made = [];
  for (const reference of references) {
    if (await hasImage(endpoint, reference)) continue;
    throwIfStopping();
    const provide = async () => {
      if (await hasImage(endpoint, reference)) return;
      if ((await providers[reference](endpoint, log, { isOwn })) === "made") made.push(reference);
    };
    await withCacheLock(`images-${shortHash(endpoint)}`, provide, log);
  }
  return made;
}
