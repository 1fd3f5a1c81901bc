import { createCipheriv } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How large a generated context is. The same shape always gives the same tree, byte for byte. */
export interface ContextShape {
  readonly files: number;
  readonly folders: number;
  /** Of all files together. */
  readonly bytes: number;
}

export const SMALL: ContextShape = { files: 50, folders: 8, bytes: 500_000 };
export const LARGE: ContextShape = { files: 20_000, folders: 3_000, bytes: 200_000_000 };
/** Ten times the large one in every respect. */
export const HUGE: ContextShape = { files: 200_000, folders: 30_000, bytes: 2_000_000_000 };

const SEED = 4;
/** Folders that a COPY can name; all others are below them. */
export const TOP_FOLDERS = 8;
const BLOCK_BYTES = 1 << 20;

/** Writes a context without a Dockerfile. @returns the paths of its files, relative and separated by "/". */
export function makeContext(root: string, { files, folders, bytes }: ContextShape): readonly string[] {
  const stream = keyStream();
  const block = stream(BLOCK_BYTES);
  const random = randomNumbers(stream);
  const names = folderNames(folders, random);
  for (const name of names) {
    mkdirSync(join(root, name), { recursive: true });
  }
  const sizes = fileSizes(files, bytes, random);
  return sizes.map((size, index) => {
    const path = `${names[index % folders] ?? ""}/file${String(index)}.txt`;
    const start = Math.floor(random() * (BLOCK_BYTES / 2));
    // No two files have the same content.
    const content = Buffer.concat([Buffer.from(`${String(index)}\n`), ...pieces(block, start, size)]).subarray(0, size);
    writeFileSync(join(root, path), content);
    return path;
  });
}

/** A tree of folders, most of them a few levels deep. */
function folderNames(count: number, random: () => number): readonly string[] {
  const names: string[] = [];
  for (let index = 0; index < count; index++) {
    const parent = index < TOP_FOLDERS ? undefined : names[Math.floor(random() * Math.min(index, count / 4))];
    names.push(parent === undefined ? `part${String(index)}` : `${parent}/d${String(index)}`);
  }
  return names;
}

/** As in real trees, many are small and a few large: exponentially distributed. */
function fileSizes(count: number, bytes: number, random: () => number): readonly number[] {
  const weights = Array.from({ length: count }, () => -Math.log(1 - random()));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => Math.round((weight / total) * bytes));
}

function pieces(block: Buffer, start: number, size: number): readonly Buffer[] {
  const parts: Buffer[] = [];
  for (let left = size, from = start; left > 0; from = 0) {
    const part = block.subarray(from, from + left);
    parts.push(part);
    left -= part.length;
  }
  return parts;
}

/** Bytes that look random and are the same each time: the key stream of a cipher. */
function keyStream(): (length: number) => Buffer {
  const cipher = createCipheriv("aes-128-ctr", Buffer.alloc(16, SEED), Buffer.alloc(16));
  return (length) => cipher.update(Buffer.alloc(length));
}

/** Numbers from 0 to 1. */
function randomNumbers(bytes: (length: number) => Buffer): () => number {
  let block = bytes(BLOCK_BYTES);
  let offset = 0;
  return () => {
    if (offset === block.length) {
      block = bytes(BLOCK_BYTES);
      offset = 0;
    }
    offset += 4;
    return block.readUInt32LE(offset - 4) / 2 ** 32;
  };
}
