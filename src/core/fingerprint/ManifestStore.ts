import { randomUUID } from "node:crypto";
import { chmod, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildInput } from "./BuildInput";
import { makeFolder } from "../makeFolder";
import { readRegularFile } from "../readRegularFile";
import { decodeManifest, encodeManifest } from "./manifestFormat";

const SUFFIX = ".json";

/** Manifests of images older than the newest few explain nothing that anybody asks for. */
const KEPT = 10;

/**
 * Remembers on disk what each image was built from, so that Slipway can say what changed since. Only explanations
 * depend on it: one that is lost or damaged costs the reason, never the right decision.
 */
export class ManifestStore {
  /** @param folder of one workspace; made when first needed. */
  constructor(private readonly folder: string) {}

  async save(fingerprint: string, inputs: readonly BuildInput[]): Promise<void> {
    await makeFolder(this.folder);
    // Arguments of a build are nobody else's business, those in manifests of earlier versions included.
    await chmod(this.folder, 0o700);
    const file = this.fileOf(fingerprint);
    const temporary = `${file}.${randomUUID()}.tmp`;
    try {
      await writeFile(temporary, encodeManifest(inputs), { mode: 0o600 });
      await rename(temporary, file);
    } finally {
      await rm(temporary, { force: true });
    }
    await this.dropOldest();
  }

  /** Makes it the one that was saved last. @returns false where there is none. */
  async touch(fingerprint: string): Promise<boolean> {
    const now = new Date();
    try {
      await utimes(this.fileOf(fingerprint), now, now);
      return true;
    } catch {
      return false;
    }
  }

  /** @returns undefined where there is none, or none that can be read. */
  async load(fingerprint: string): Promise<readonly BuildInput[] | undefined> {
    try {
      return await decodeManifest((await readRegularFile(this.fileOf(fingerprint))).toString("utf8"));
    } catch {
      return undefined;
    }
  }

  /** The one that was saved last. */
  async latest(): Promise<{ readonly fingerprint: string; readonly inputs: readonly BuildInput[] } | undefined> {
    for (const fingerprint of await this.newestFirst()) {
      const inputs = await this.load(fingerprint);
      if (inputs !== undefined) {
        return { fingerprint, inputs };
      }
    }
    return undefined;
  }

  /** When each one was last used, in milliseconds since 1970, by its fingerprint. */
  async lastUsed(): Promise<ReadonlyMap<string, number>> {
    return new Map((await this.aged()).map(({ fingerprint, savedAt }) => [fingerprint, savedAt]));
  }

  /** Forgets one, whose image is gone. */
  async drop(fingerprint: string): Promise<void> {
    await rm(this.fileOf(fingerprint), { force: true });
  }

  private fileOf(fingerprint: string): string {
    return join(this.folder, `${fingerprint}${SUFFIX}`);
  }

  private async dropOldest(): Promise<void> {
    const old = (await this.newestFirst()).slice(KEPT);
    await Promise.all(old.map((fingerprint) => rm(this.fileOf(fingerprint), { force: true })));
  }

  private async newestFirst(): Promise<readonly string[]> {
    return (await this.aged()).sort((a, b) => b.savedAt - a.savedAt).map(({ fingerprint }) => fingerprint);
  }

  private async aged(): Promise<{ readonly fingerprint: string; readonly savedAt: number }[]> {
    const names = (await readdir(this.folder).catch(() => [])).filter((name) => name.endsWith(SUFFIX));
    return Promise.all(
      names.map(async (name) => ({
        fingerprint: name.slice(0, -SUFFIX.length),
        savedAt: await stat(join(this.folder, name)).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      })),
    );
  }
}
