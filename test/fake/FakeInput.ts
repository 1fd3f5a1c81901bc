import { InputClosedError } from "../../src/core/errors/containerErrors";
import { AsyncQueue } from "../../src/core/ports/AsyncQueue";

/** As much as a pipe holds. */
const CAPACITY_BYTES = 65_536;

/** A program's stdin: whoever writes waits while the program does not read. */
export class FakeInput implements AsyncIterable<Uint8Array> {
  private readonly queue = new AsyncQueue<Uint8Array>();
  private readonly waiting = new Set<() => void>();
  private buffered = 0;
  private closed = false;

  async write(data: Uint8Array): Promise<void> {
    this.queue.push(Buffer.from(data));
    this.buffered += data.length;
    while (this.buffered > CAPACITY_BYTES && !this.closed) {
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
    if (this.closed) {
      throw new InputClosedError("fake");
    }
  }

  /** The program reads an end of file after what was written. */
  end(): void {
    this.queue.end();
  }

  /** Nobody reads any more. */
  close(): void {
    this.closed = true;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const data of this.queue) {
      this.buffered -= data.length;
      this.wake();
      yield data;
    }
  }

  private wake(): void {
    this.waiting.forEach((resolve) => {
      resolve();
    });
    this.waiting.clear();
  }
}
