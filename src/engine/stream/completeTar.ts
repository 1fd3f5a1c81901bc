const BLOCK_BYTES = 512;
/** Where a header has the size of what follows it, and of what kind that is. */
const SIZE = { start: 124, end: 136 };
const KIND = 156;
/** A pax header, whose records are for the entry after it. */
const PAX = "x".charCodeAt(0);
/** As much of a pax header as is looked at: a size that does not fit into the next entry's own header. */
const PAX_BYTES = 1 << 20;

/**
 * Passes on a tar, and rejects with what `incomplete` gives when it comes to an end without its end mark, two blocks of
 * zeros in the place of a header: an engine that fails in the middle of one ends its answer as if it were whole. Zeros
 * within a file are no end mark, and so the headers are followed.
 */
export async function* completeTar(
  chunks: AsyncIterable<Uint8Array>,
  incomplete: () => Error,
): AsyncGenerator<Uint8Array> {
  const reader = new HeaderReader();
  for await (const chunk of chunks) {
    reader.read(chunk);
    yield chunk;
  }
  if (!reader.isComplete) {
    throw incomplete();
  }
}

class HeaderReader {
  private readonly block = Buffer.alloc(BLOCK_BYTES);
  private filled = 0;
  /** Bytes of an entry's content, with what fills its last block, that are still to come. */
  private toSkip = 0;
  private zeroBlocks = 0;
  /** The records of a pax header that is being read, as far as they have come. */
  private pax: Uint8Array[] | undefined;
  private paxBytes = 0;
  private sizeOfNext: number | undefined;

  get isComplete(): boolean {
    return this.zeroBlocks >= 2;
  }

  read(chunk: Uint8Array): void {
    for (let offset = 0; offset < chunk.length && !this.isComplete;) {
      const taken = Math.min(this.toSkip > 0 ? this.toSkip : BLOCK_BYTES - this.filled, chunk.length - offset);
      const piece = chunk.subarray(offset, offset + taken);
      offset += taken;
      if (this.toSkip > 0) {
        this.skip(piece);
      } else {
        this.block.set(piece, this.filled);
        this.filled += taken;
        if (this.filled === BLOCK_BYTES) {
          this.filled = 0;
          this.header();
        }
      }
    }
  }

  private skip(piece: Uint8Array): void {
    this.toSkip -= piece.length;
    if (this.pax === undefined) {
      return;
    }
    if (this.paxBytes < PAX_BYTES) {
      this.pax.push(Buffer.from(piece));
      this.paxBytes += piece.length;
    }
    if (this.toSkip === 0) {
      const [, size] = /(?:^|\n)\d+ size=(\d+)\n/.exec(Buffer.concat(this.pax).toString("latin1")) ?? [];
      this.sizeOfNext = size === undefined ? undefined : Number(size);
      this.pax = undefined;
    }
  }

  private header(): void {
    if (this.block.every((byte) => byte === 0)) {
      this.zeroBlocks++;
      return;
    }
    this.zeroBlocks = 0;
    const isPax = this.block[KIND] === PAX;
    const size = (isPax ? undefined : this.sizeOfNext) ?? sizeIn(this.block);
    this.sizeOfNext = undefined;
    this.toSkip = Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
    this.pax = isPax && this.toSkip > 0 ? [] : undefined;
    this.paxBytes = 0;
  }
}

/** Octal digits, or (GNU) a binary number whose first bit is set. What is no number counts as nothing. */
function sizeIn(block: Buffer): number {
  const field = block.subarray(SIZE.start, SIZE.end);
  const first = field[0] ?? 0;
  if (first >= 0x80) {
    return [first & 0x7f, ...field.subarray(1)].reduce((sum, byte) => sum * 256 + byte, 0);
  }
  const size = Number.parseInt(field.toString("latin1").replace(/^[\0 ]+/, ""), 8);
  return Number.isNaN(size) ? 0 : size;
}
