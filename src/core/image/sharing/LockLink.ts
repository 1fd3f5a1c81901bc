import { randomUUID } from "node:crypto";
import { link, open, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import { READ_AT_ONCE } from "../../readRegularFile";
import { formatOwner, parseOwner, type Owner } from "../../owner";

/** A file that says who holds a lock, or who holds it after somebody who has died. */
export interface LockLink {
  readonly path: string;
  /** Another one each time that a lock is taken. */
  readonly token: string;
  /** Undefined where the file does not say, since it is being written or is damaged. */
  readonly owner: Owner | undefined;
  /** When it was refreshed last, by the clock of whoever keeps the file. */
  readonly modifiedMs: number;
}

const contentShape = z.object({ token: z.uuid(), owner: z.string() });
/** One of ours has a few hundred. */
const MOST_BYTES = 16_384;

/** What a file system without hard links says, and Windows of a file that is being removed. */
const REFUSALS = new Set(["EPERM", "EACCES", "EBUSY", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EMLINK", "EINVAL"]);

/** @returns undefined when there is none. */
export async function readLink(path: string): Promise<LockLink | undefined> {
  const file = await open(path, READ_AT_ONCE).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  });
  if (file === undefined) {
    return undefined;
  }
  try {
    const stats = await file.stat();
    const { mtimeMs, ino, birthtimeMs, size } = stats;
    const isOurs = stats.isFile() && size <= MOST_BYTES;
    const content = parseContent(isOurs ? await file.readFile("utf8") : "");
    return {
      path,
      // What has no token of its own is told apart as a file.
      token: content?.token ?? `${String(ino)}-${String(Math.trunc(birthtimeMs))}`,
      owner: content === undefined ? undefined : parseOwner(content.owner),
      modifiedMs: mtimeMs,
    };
  } finally {
    await file.close();
  }
}

/** "refused": there is none, and yet it cannot be made; on Windows so for a moment after another one was removed. */
export type Placing = "made" | "there" | "refused";

export interface PlaceOptions {
  readonly path: string;
  readonly token: string;
  readonly owner: Owner;
}

/**
 * Makes the file unless there is one, with its content from the start, so that nobody reads half of it: as a hard link
 * to a file that is complete. Where there are no hard links, it is empty for a moment. Rejects where the folder cannot
 * be written.
 */
export async function placeLink({ path, token, owner }: PlaceOptions): Promise<Placing> {
  const content = JSON.stringify({ token, owner: formatOwner(owner) });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content, { flag: "wx", mode: 0o600 });
    const linked = await attempt(async () => link(temporary, path));
    return linked === "refused"
      ? await attempt(async () => writeFile(path, content, { flag: "wx", mode: 0o600 }))
      : linked;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function attempt(make: () => Promise<void>): Promise<Placing> {
  try {
    await make();
    return "made";
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") {
      return "there";
    }
    if (REFUSALS.has(code)) {
      return "refused";
    }
    throw error;
  }
}

function parseContent(text: string): z.infer<typeof contentShape> | undefined {
  try {
    return contentShape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
