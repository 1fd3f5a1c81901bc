import { z } from "zod";
import { TARGET } from "./dockerfiles";
import { askEngine } from "./environment.mjs";

const images = z.array(z.object({ Id: z.string(), RepoTags: z.array(z.string()).nullish() }));
const containers = z.array(z.object({ Id: z.string(), Labels: z.record(z.string(), z.string()).nullish() }));
/** Which folder a container is for, as Slipway and the Dev Containers CLI have it. */
const FOLDER_LABELS = ["dev.slipway.folder", "devcontainer.local_folder"];
const record = z.object({ ID: z.string(), Description: z.string(), InUse: z.boolean() });
const usage = z.object({ BuildCache: z.array(record).nullish() });

type CacheRecord = z.infer<typeof record>;

const PASSES = 2;

/** The builder's records of cache, by their IDs. */
export async function listCache(address: string): Promise<ReadonlySet<string>> {
  return new Set((await readCache(address)).map(({ ID }) => ID));
}

export interface CleanUpOptions {
  /** Is in the names of the images. */
  readonly name: string;
  /** All contexts are in it, and so all folders that containers are for. */
  readonly folder: string;
  /** The cache that was there before. */
  readonly before: ReadonlySet<string>;
  /** Whether the engine's builder has a cache besides the images. */
  readonly hasCache: boolean;
}

/**
 * Removes this run's containers and images, and the builder's cache of contexts and of the benchmark's steps as far as it is new. What
 * is in use stays.
 */
export async function cleanUp(address: string, { name, folder, before, hasCache }: CleanUpOptions): Promise<void> {
  for (const { Id, Labels } of containers.parse(await askEngine(address, "/containers/json?all=1"))) {
    if (FOLDER_LABELS.some((label) => Labels?.[label]?.startsWith(`${folder}/`))) {
      await askEngine(address, `/containers/${Id}?force=1&v=1`, { method: "DELETE" });
    }
  }
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
  // A step is kept by those that come after it, and gone only when it is asked for again.
  for (let pass = 0; pass < PASSES; pass++) {
    const added = (await readCache(address)).filter(({ ID, InUse }) => !before.has(ID) && !InUse);
    // The daemon goes through all of its cache for each request, so all of one step go together.
    const steps = new Set(added.map(({ Description }) => Description).filter((text) => text.includes(TARGET)));
    for (const step of steps) {
      await prune(address, { description: [JSON.stringify(step)] });
    }
    for (const { ID, Description } of added) {
      if (Description.startsWith("local source for context")) {
        await prune(address, { id: [ID] });
      }
    }
  }
}

/** @param filters as BuildKit has them, where what has spaces in it stands in quotes. */
async function prune(address: string, filters: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const text = encodeURIComponent(JSON.stringify(filters));
  await askEngine(address, `/build/prune?all=1&filters=${text}`, { method: "POST" });
}

async function readCache(address: string): Promise<readonly CacheRecord[]> {
  const answer = await askEngine(address, "/system/df?type=build-cache");
  return usage.parse(answer).BuildCache ?? [];
}
