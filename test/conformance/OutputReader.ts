import type { OutputChunk } from "../../src/core/ports/ContainerTypes";

export interface OutputTexts {
  readonly stdout: string;
  readonly stderr: string;
}

/** Reads a program's output as it comes, so that a test can wait for a part of it. */
export class OutputReader {
  private readonly parts: Record<OutputChunk["stream"], Uint8Array[]> = { stdout: [], stderr: [] };
  private wake: (() => void) | undefined;
  private readonly ended: Promise<void>;
  private hasEnded = false;

  constructor(output: AsyncIterable<OutputChunk>) {
    this.ended = this.read(output).finally(() => {
      this.hasEnded = true;
      this.wake?.();
    });
    // Whoever waits gets the failure, at the time of their choosing.
    this.ended.catch(() => undefined);
  }

  /** Resolves once stdout has the text. */
  async seen(text: string): Promise<void> {
    while (!this.stdout.toString("latin1").includes(text)) {
      if (this.hasEnded) {
        await this.ended;
        throw new Error(`The output ended without ${JSON.stringify(text)}: ${this.stdout.toString("utf8")}`);
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** All of it, once it has ended. */
  async end(): Promise<OutputTexts> {
    await this.ended;
    return { stdout: this.stdout.toString("utf8"), stderr: Buffer.concat(this.parts.stderr).toString("utf8") };
  }

  get stdout(): Buffer {
    return Buffer.concat(this.parts.stdout);
  }

  private async read(output: AsyncIterable<OutputChunk>): Promise<void> {
    for await (const { stream, data } of output) {
      this.parts[stream].push(data);
      this.wake?.();
    }
  }
}
