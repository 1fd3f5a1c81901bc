import { randomUUID } from "node:crypto";
import { chmod, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildInput } from "./BuildInput";
import { makeFolder } from "../makeFolder";
import { readRegularFile } from "../readRegularFile";
import { decodeManifest, differingInputs, encodeManifest, type DifferingInputs } from "./manifestFormat";

const SUFFIX = ".json";

/** Manifests of images older than the newest few explain nothing that anybody asks for. */
const KEPT = 10;

/** When this process has saved or touched each one last, in milliseconds since 1970, by its file. */
const ownUses = new Map<string, number>();

/**
 * Remembers on disk what each image was built from, so that Slipway can say what changed since. Only explanations
 * depend on it: one that is lost or damaged costs the reason, never the right decision.
 */
export class ManifestStore {
  /** @param folder of one workspace; made when first needed. */
  constructor(private readonly folder: string) {}

  /** @param lines as manifestLines gives them. */
  async save(fingerprint: string, lines: readonly string[]): Promise<void> {
    await makeFolder(this.folder);
    // Arguments of a build are nobody else's business, those in manifests of earlier versions included.
    await chmod(this.folder, 0o700);
    const file = this.fileOf(fingerprint);
    const temporary = `${file}.${randomUUID()}.tmp`;
    try {
      await writeFile(temporary, encodeManifest(lines), { mode: 0o600 });
      await rename(temporary, file);
      await noteOwnUse(file);
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
      await noteOwnUse(this.fileOf(fingerprint));
      return true;
    } catch {
      return false;
    }
  }

  /** @returns undefined where there is none, or none that can be read. */
  async load(fingerprint: string): Promise<readonly BuildInput[] | undefined> {
    return this.read(fingerprint, decodeManifest);
  }

  /** The one that was saved last. */
  async latest(): Promise<{ readonly fingerprint: string; readonly inputs: readonly BuildInput[] } | undefined> {
    const found = await this.firstReadable(await this.newestFirst(), decodeManifest);
    return found === undefined ? undefined : { fingerprint: found.fingerprint, inputs: found.value };
  }

  /**
   * The one that was saved last, and how it differs from what manifestLines has made of other inputs.
   *
   * @param linesOf called only where there is a manifest; its failures reject.
   */
  async compareLatest(
    linesOf: () => Promise<readonly string[]>,
  ): Promise<{ readonly fingerprint: string; readonly differing: DifferingInputs } | undefined> {
    const saved = await this.newestFirst();
    if (saved.length === 0) {
      return undefined;
    }
    const lines = await linesOf();
    const found = await this.firstReadable(saved, async (manifest) => differingInputs(manifest, lines));
    return found === undefined ? undefined : { fingerprint: found.fingerprint, differing: found.value };
  }

  /** When each one was last used, in milliseconds since 1970, by its fingerprint. */
  async lastUsed(): Promise<ReadonlyMap<string, number>> {
    return new Map((await this.aged()).map(({ fingerprint, savedAt }) => [fingerprint, savedAt]));
  }

  /** Whether it was this process that has saved or touched it last. */
  async isLastUseOwn(fingerprint: string): Promise<boolean> {
    const own = ownUses.get(this.fileOf(fingerprint));
    return own !== undefined && own === (await timeOf(this.fileOf(fingerprint)));
  }

  /** Forgets one, whose image is gone. */
  async drop(fingerprint: string): Promise<void> {
    await rm(this.fileOf(fingerprint), { force: true });
  }

  /** @returns undefined where it is not there, or `parse` cannot read it. */
  private async read<T>(fingerprint: string, parse: (manifest: string) => Promise<T>): Promise<T | undefined> {
    try {
      return await parse((await readRegularFile(this.fileOf(fingerprint))).toString("utf8"));
    } catch {
      return undefined;
    }
  }

  private async firstReadable<T>(
    fingerprints: readonly string[],
    parse: (manifest: string) => Promise<T>,
  ): Promise<{ readonly fingerprint: string; readonly value: T } | undefined> {
    for (const fingerprint of fingerprints) {
      const value = await this.read(fingerprint, parse);
      if (value !== undefined) {
        return { fingerprint, value };
      }
    }
    return undefined;
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
        savedAt: (await timeOf(join(this.folder, name))) ?? 0,
      })),
    );
  }
}

async function noteOwnUse(file: string): Promise<void> {
  const time = await timeOf(file);
  if (time !== undefined) {
    ownUses.set(file, time);
  }
}

/** @returns undefined where there is none. */
async function timeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
