import { AsyncQueue } from "../../src/core/ports/AsyncQueue";
import type { LogOptions } from "../../src/core/ports/ContainerEngine";
import type { OutputChunk } from "../../src/core/ports/ContainerTypes";

interface Line {
  readonly time: number;
  readonly chunk: OutputChunk;
}

/** What a container has written, and those who read along. */
export class FakeLog {
  private readonly lines: Line[] = [];
  private readonly readers = new Set<AsyncQueue<OutputChunk>>();

  write(chunk: OutputChunk): void {
    const time = Date.now();
    for (const line of Buffer.from(chunk.data)
      .toString("latin1")
      .match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      this.lines.push({ time, chunk: { stream: chunk.stream, data: Buffer.from(line, "latin1") } });
    }
    this.readers.forEach((reader) => {
      reader.push(chunk);
    });
  }

  /** Whatever comes from now on. */
  attach(signal: AbortSignal | undefined): AsyncQueue<OutputChunk> {
    const queue = new AsyncQueue<OutputChunk>(signal);
    this.readers.add(queue);
    return queue;
  }

  detach(queue: AsyncQueue<OutputChunk>): void {
    this.readers.delete(queue);
    queue.end();
  }

  /** What was written and, where it is followed, what is written until the end. */
  read({ follow, tail = Infinity, since = 0, signal }: LogOptions): AsyncQueue<OutputChunk> {
    const queue = follow ? this.attach(signal) : new AsyncQueue<OutputChunk>(signal);
    const chosen = this.lines.filter(({ time }) => time >= since);
    for (const { chunk } of tail < chosen.length ? chosen.slice(chosen.length - tail) : chosen) {
      queue.push(chunk);
    }
    if (!follow) {
      queue.end();
    }
    return queue;
  }

  /** Nothing more comes to those who read along now. */
  end(): void {
    this.readers.forEach((reader) => {
      reader.end();
    });
    this.readers.clear();
  }
}
