import { randomUUID } from "node:crypto";
import { readdir, readFile, rm, rmdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { CACHE_FOLDER_REMEDY } from "../../cacheFolder";
import { messageOf } from "../../errors/ExpectedError";
import { makeFolder } from "../../makeFolder";
import { currentOwner, formatOwner, ownerState, parseOwner, type Owner } from "../../owner";

/**
 * What processes tell each other of a container.
 *
 * Valid while the process lives that has put them there: "lease", it is in use; "intent", it is being made; "claim", it
 * is about to be removed or restarted. Valid in any case: "kept", its task failed, and it stays to be looked at;
 * "discard", it goes when nobody uses it any more; "left", what ran in it may do so still; "made", on which engine it is;
 * "nosleep", it does not end by itself; "noshell", no such container can be made of this image.
 */
const KINDS = ["lease", "intent", "claim", "kept", "discard", "left", "made", "nosleep", "noshell"] as const;
export type MarkKind = (typeof KINDS)[number];

/** Which processes there are; tests have their own. */
export interface Processes {
  readonly own: () => Owner;
  readonly stateOf: typeof ownerState;
}

export const THESE_PROCESSES: Processes = { own: currentOwner, stateOf: ownerState };

export interface MarkDetail {
  /** ID of the container; "" where it is not known yet. */
  readonly id: string;
  readonly task?: string | undefined;
  readonly engine?: string | undefined;
}

export interface Mark extends MarkDetail {
  readonly kind: MarkKind;
  readonly token: string;
  /** False once the process that has put it there is gone, or has not refreshed it for long where it cannot be seen. */
  readonly alive: boolean;
  readonly modifiedMs: number;
}

/** Whether it says that somebody's programs may run in the container for nobody any more. */
export function isOfTheGone({ kind, alive }: Mark): boolean {
  return kind === "left" || (kind === "lease" && !alive);
}

/** A mark of one's own. */
export interface PlacedMark {
  readonly token: string;
  remove(): Promise<void>;
  /** Shows those who cannot see this process that it is there still. */
  refresh(): Promise<void>;
}

const contentShape = z.object({
  owner: z.string(),
  id: z.string(),
  task: z.string().optional(),
  engine: z.string().optional(),
});

/** A mark of a process that cannot be seen counts for so long after it was refreshed. */
const UNSEEN_MS = 600_000;
const NAME = /^([a-z]+)-([0-9a-f-]+)\.json$/;

/** Files in a folder that belongs to the name of one container. */
export class ContainerMarks {
  readonly folder: string;
  private why: string | undefined;

  constructor(
    cacheFolder: string,
    readonly name: string,
    readonly processes: Processes = THESE_PROCESSES,
  ) {
    this.folder = join(warmFolder(cacheFolder), name);
  }

  /** For people: why others do not see what is put here. Undefined while all is well. */
  get problem(): string | undefined {
    return this.why;
  }

  /** Where it cannot be written, nobody sees it, and `problem` says so. */
  async put(kind: MarkKind, detail: MarkDetail = { id: "" }): Promise<PlacedMark> {
    const token = randomUUID();
    const file = this.fileOf(kind, token);
    try {
      await this.write(file, JSON.stringify({ owner: formatOwner(this.processes.own()), ...detail }));
    } catch (error) {
      this.why = `That the container ${this.name} is in use cannot be written down in ${this.folder} (${messageOf(error)}): other Slipways may remove it. ${CACHE_FOLDER_REMEDY}`;
    }
    return {
      token,
      remove: async () => rm(file, { force: true }).catch(() => undefined),
      refresh: async () => {
        const now = new Date();
        await utimes(file, now, now).catch(() => undefined);
      },
    };
  }

  async read(): Promise<readonly Mark[]> {
    return this.readAll(await this.list());
  }

  async drop({ kind, token }: Mark): Promise<void> {
    await rm(this.fileOf(kind, token), { force: true });
  }

  /** Removes all that is known of a container that is gone, unless somebody makes a new one of the name. */
  async sweep(): Promise<void> {
    // Only what was there at the look: who comes later puts a lease beside it.
    const names = await this.list();
    const isBusy = ({ kind, alive }: Mark): boolean =>
      alive && (kind === "lease" || kind === "intent" || kind === "claim");
    if ((await this.readAll(names)).some(isBusy)) {
      return;
    }
    await Promise.all(names.map(async (name) => rm(join(this.folder, name), { force: true }).catch(() => undefined)));
    // One that is not empty is in use again.
    await rmdir(this.folder).catch(() => undefined);
  }

  private async list(): Promise<readonly string[]> {
    return readdir(this.folder).catch(() => []);
  }

  private async readAll(names: readonly string[]): Promise<readonly Mark[]> {
    const marks = await Promise.all(names.map(async (name) => this.readOne(name)));
    return marks.filter((mark) => mark !== undefined);
  }

  private async write(file: string, content: string): Promise<void> {
    try {
      await writeFile(file, content, { mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
        throw error;
      }
      // The first one here; or somebody has just swept up what was left of a container that is gone.
      await makeFolder(this.folder);
      await writeFile(file, content, { mode: 0o600 });
    }
  }

  private fileOf(kind: MarkKind, token: string): string {
    return join(this.folder, `${kind}-${token}.json`);
  }

  private async readOne(name: string): Promise<Mark | undefined> {
    const [, text, token = ""] = NAME.exec(name) ?? [];
    const kind = KINDS.find((each) => each === text);
    if (kind === undefined) {
      return undefined;
    }
    const file = join(this.folder, name);
    try {
      const content = parse(await readFile(file, "utf8"));
      const owner = content === undefined ? undefined : parseOwner(content.owner);
      const state = owner === undefined ? "unknown" : this.processes.stateOf(owner);
      const { mtimeMs } = await stat(file);
      const alive = state === "alive" || (state === "unknown" && Date.now() - mtimeMs < UNSEEN_MS);
      const { id = "", task, engine } = content ?? {};
      return { kind, token, alive, id, task, engine, modifiedMs: mtimeMs };
    } catch {
      // Removed meanwhile.
      return undefined;
    }
  }
}

/** What is known of warm containers. */
export function warmFolder(cacheFolder: string): string {
  return join(cacheFolder, "warm");
}

function parse(text: string): z.infer<typeof contentShape> | undefined {
  try {
    return contentShape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
