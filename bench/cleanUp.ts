import { z } from "zod";
import { TARGET } from "./dockerfiles";
import { askEngine } from "./environment.mjs";

const images = z.array(z.object({ Id: z.string(), RepoTags: z.array(z.string()).nullish() }));
const usage = z.object({ BuildCache: z.array(z.object({ ID: z.string(), Description: z.string() })).nullish() });

/** The builder's records of cache, by their IDs. */
export async function listCache(address: string): Promise<ReadonlySet<string>> {
  return new Set((await readCache(address)).map(({ ID }) => ID));
}

export interface CleanUpOptions {
  /** Is in the names of the images. */
  readonly name: string;
  /** The cache that was there before. */
  readonly before: ReadonlySet<string>;
  /** Whether the engine's builder has a cache besides the images. */
  readonly hasCache: boolean;
}

/**
 * Removes this run's images, and the builder's cache of contexts and of the benchmark's steps as far as it is new. What
 * is in use stays.
 */
export async function cleanUp(address: string, { name, before, hasCache }: CleanUpOptions): Promise<void> {
  const references = images
    .parse(await askEngine(address, "/images/json"))
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .filter((reference) => reference.includes(name));
  for (const reference of references) {
    await askEngine(address, `/images/${reference}`, { method: "DELETE" });
  }
  if (!hasCache) {
    return;
  }
  const added = (await readCache(address)).filter(({ ID }) => !before.has(ID));
  // Steps are kept by those that come after them, so the newest go first, and some only when they are asked again.
  for (const { ID, Description } of [...added, ...added.toReversed()]) {
    if (Description.startsWith("local source") || Description.includes(TARGET)) {
      const filters = encodeURIComponent(JSON.stringify({ id: [ID] }));
      await askEngine(address, `/build/prune?all=1&filters=${filters}`, { method: "POST" });
    }
  }
}

async function readCache(address: string): Promise<readonly { readonly ID: string; readonly Description: string }[]> {
  const answer = await askEngine(address, "/system/df?type=build-cache");
  return usage.parse(answer).BuildCache ?? [];
}
