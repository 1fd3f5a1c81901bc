import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { link, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../errors/ExpectedError";
import { makeFolder } from "../makeFolder";
import { readRegularFile } from "../readRegularFile";

const KEY_BYTES = 32;
const DIGITS = 16;

/** What stands for the key of this machine where that cannot be kept. */
const ofThisProcess = randomBytes(KEY_BYTES);

/**
 * Tells secrets apart without giving anything of them away: a digest under a random key, which never leaves this
 * machine. Without a key, whoever sees a digest could try passwords until one fits.
 */
export class MachineKey {
  private key: Promise<Uint8Array> | undefined;
  private why: string | undefined;

  /** @param folder in which the key is kept, made when first needed; undefined takes one that ends with this process. */
  constructor(private readonly folder: string | undefined) {}

  /** For people: why digests are other ones in the next process. Undefined while all is well. */
  get problem(): string | undefined {
    return this.why;
  }

  /** The same for the same text, on this machine only. */
  async digest(text: string): Promise<string> {
    this.key ??= this.load();
    return createHmac("sha256", await this.key)
      .update(text)
      .digest("hex")
      .slice(0, DIGITS);
  }

  private async load(): Promise<Uint8Array> {
    if (this.folder === undefined) {
      return ofThisProcess;
    }
    const file = join(this.folder, "machine.key");
    try {
      return (await readKey(file)) ?? (await makeKey(this.folder, file));
    } catch (error) {
      this.why =
        `The key with which passwords in build arguments are told apart cannot be kept in ${file} (${messageOf(error)}): ` +
        "images that depend on such an argument will be built anew each time.";
      return ofThisProcess;
    }
  }
}

/** @returns undefined where there is none, or something else. */
async function readKey(file: string): Promise<Uint8Array | undefined> {
  try {
    const key = await readRegularFile(file);
    return key.length === KEY_BYTES ? key : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

/** Of several processes that do so at the same time, one makes the key that all of them take. */
async function makeKey(folder: string, file: string): Promise<Uint8Array> {
  await makeFolder(folder);
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, randomBytes(KEY_BYTES), { mode: 0o600, flag: "wx" });
    try {
      await link(temporary, file);
    } catch {
      // Another process was faster; else the file is damaged, or there are no hard links here.
      if ((await readKey(file)) === undefined) {
        await rename(temporary, file);
      }
    }
  } finally {
    await rm(temporary, { force: true });
  }
  const key = await readKey(file);
  if (key === undefined) {
    throw new Error("it was changed while it was made");
  }
  return key;
}
