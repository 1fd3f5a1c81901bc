import { randomUUID } from "node:crypto";
import { chmod, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { makeFolder } from "../makeFolder";
import { readRegularFile } from "../readRegularFile";

/** What is known of what a container has of a workspace. */
export interface SyncState {
  /** Of the scan whose entries the container has, all of them; undefined where some are not certain. */
  readonly digest: string | undefined;
  /** Changes with each writing. */
  readonly stamp: string;
  /** What each path is there, as entryKey says it, or UNKNOWN. */
  readonly entries: ReadonlyMap<string, string>;
}

/** It was being copied, or removed, when something came in between. */
export const UNKNOWN = "?";

/** Containers of one workspace whose states are kept: those that were used last. */
const KEPT = 16;
const SUFFIX = ".json";

const header = z.object({ version: z.literal(1), place: z.string(), digest: z.string().optional(), stamp: z.string() });
const body = z.array(z.tuple([z.string(), z.string()]));

export interface SyncStateOptions {
  /** Of one workspace, and for nothing else; made when first needed. */
  readonly folder: string;
  readonly containerId: string;
  /** Where in the container, and whose; a state of another place counts as none. */
  readonly place: string;
}

/**
 * Keeps on this machine what a container has. A state that is lost or damaged counts as none, and costs copying everything
 * again.
 */
export class SyncStateFile {
  readonly #file: string;

  constructor(private readonly options: SyncStateOptions) {
    this.#file = join(options.folder, `${options.containerId}${SUFFIX}`);
  }

  /** Without reading the entries: whether all of the scan with this digest is there. */
  async isAt(digest: string): Promise<boolean> {
    return (await this.#read())?.head.digest === digest;
  }

  async load(): Promise<SyncState | undefined> {
    const found = await this.#read();
    const entries = found && body.safeParse(parseJson(found.rest));
    return entries?.success === true
      ? { digest: found?.head.digest, stamp: found?.head.stamp ?? "", entries: new Map(entries.data) }
      : undefined;
  }

  /** @returns the stamp that the state has now. Rejects as node:fs does: without it, nothing may be copied. */
  async save(digest: string | undefined, entries: ReadonlyMap<string, string>): Promise<string> {
    const { folder, place } = this.options;
    await makeFolder(folder);
    // The names of files are nobody else's business.
    await chmod(folder, 0o700);
    const stamp = randomUUID();
    const temporary = `${this.#file}.${stamp}.tmp`;
    try {
      const head = JSON.stringify({ version: 1, place, digest, stamp });
      await writeFile(temporary, `${head}\n${JSON.stringify([...entries])}`, { mode: 0o600 });
      await rename(temporary, this.#file);
    } finally {
      await rm(temporary, { force: true });
    }
    await this.#dropOldest();
    return stamp;
  }

  async #read(): Promise<{ readonly head: z.infer<typeof header>; readonly rest: string } | undefined> {
    try {
      const text = (await readRegularFile(this.#file)).toString("utf8");
      const end = text.indexOf("\n");
      const head = header.safeParse(parseJson(text.slice(0, end))).data;
      return head?.place === this.options.place ? { head, rest: text.slice(end + 1) } : undefined;
    } catch {
      return undefined;
    }
  }

  async #dropOldest(): Promise<void> {
    const { folder } = this.options;
    const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX));
    if (names.length <= KEPT) {
      return;
    }
    const dated = await Promise.all(
      names.map(async (name) => ({
        name,
        time: await stat(join(folder, name)).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      })),
    );
    const old = dated.sort((a, b) => b.time - a.time).slice(KEPT);
    await Promise.all(old.map(async ({ name }) => rm(join(folder, name), { force: true })));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
