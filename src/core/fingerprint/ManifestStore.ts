import { randomUUID } from "node:crypto";
import { chmod, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { BuildInput } from "./BuildInput";
import { makeFolder } from "../makeFolder";

const text = z.string();
const mode = z.int();
const inputShape: z.ZodType<BuildInput> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("dockerfile"), path: text, sha256: text }),
  z.object({ kind: z.literal("target"), value: text }),
  z.object({ kind: z.literal("platform"), value: text }),
  z.object({ kind: z.literal("arg"), name: text, value: text }),
  z.object({ kind: z.literal("certificates"), sha256: text }),
  z.object({ kind: z.literal("base-image"), reference: text, imageId: text.nullable() }),
  z.object({ kind: z.literal("file"), path: text, mode, size: z.number(), sha256: text }),
  z.object({ kind: z.literal("directory"), path: text, mode }),
  z.object({ kind: z.literal("symlink"), path: text, target: text }),
  z.object({ kind: z.literal("fifo"), path: text, mode }),
]);
const manifestShape = z.object({ version: z.literal(1), inputs: z.array(inputShape) });

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
      await writeFile(temporary, JSON.stringify({ version: 1, inputs }), { mode: 0o600 });
      await rename(temporary, file);
    } finally {
      await rm(temporary, { force: true });
    }
    await this.dropOldest();
  }

  /** @returns undefined where there is none, or none that can be read. */
  async load(fingerprint: string): Promise<readonly BuildInput[] | undefined> {
    try {
      return manifestShape.parse(JSON.parse(await readFile(this.fileOf(fingerprint), "utf8"))).inputs;
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

  private fileOf(fingerprint: string): string {
    return join(this.folder, `${fingerprint}${SUFFIX}`);
  }

  private async dropOldest(): Promise<void> {
    const old = (await this.newestFirst()).slice(KEPT);
    await Promise.all(old.map((fingerprint) => rm(this.fileOf(fingerprint), { force: true })));
  }

  private async newestFirst(): Promise<readonly string[]> {
    const names = (await readdir(this.folder).catch(() => [])).filter((name) => name.endsWith(SUFFIX));
    const aged = await Promise.all(
      names.map(async (name) => ({
        fingerprint: name.slice(0, -SUFFIX.length),
        savedAt: await stat(join(this.folder, name)).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      })),
    );
    return aged.sort((a, b) => b.savedAt - a.savedAt).map(({ fingerprint }) => fingerprint);
  }
}
