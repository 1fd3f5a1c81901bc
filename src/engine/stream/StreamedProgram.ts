import type { CallOptions } from "../../core/ports/ContainerEngine";
import type { OutputChunk } from "../../core/ports/ContainerTypes";
import type { RunningProgram } from "../../core/ports/RunningProgram";
import { EngineLostError } from "../../core/errors/engineErrors";
import { readOutput } from "./readOutput";

export interface StreamedProgramOptions {
  /** The body of the engine's answer. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Ends the request. */
  readonly connection: AbortController;
  readonly signal: AbortSignal | undefined;
  /** @param ended aborted once no more output comes. */
  readonly exitCode: (options: CallOptions & { readonly ended: AbortSignal }) => Promise<number>;
}

/** A program without stdin and terminal, whose output is the body of an answer. */
export class StreamedProgram implements RunningProgram {
  readonly output: AsyncIterable<OutputChunk>;
  private readonly ended = new AbortController();
  private code: number | undefined;

  constructor(private readonly options: StreamedProgramOptions) {
    this.output = readOutput(this.read(), false);
  }

  async write(): Promise<void> {
    return Promise.reject(new TypeError("This program has no stdin."));
  }

  async endInput(): Promise<void> {
    return Promise.resolve();
  }

  async resize(): Promise<void> {
    return Promise.resolve();
  }

  /** Engines forget programs some time after they have ended, so that what is known is kept. */
  async exitCode(options: CallOptions = {}): Promise<number> {
    options.signal?.throwIfAborted();
    this.code ??= await this.options.exitCode({ ...options, ended: this.ended.signal });
    return this.code;
  }

  close(): void {
    this.options.connection.abort();
    this.ended.abort();
  }

  private async *read(): AsyncGenerator<Uint8Array> {
    const { chunks, signal, connection } = this.options;
    try {
      yield* chunks;
    } catch (error) {
      signal?.throwIfAborted();
      // A connection that breaks, or was closed, ends the output: whether the program has ended, exitCode tells.
      if (!(error instanceof EngineLostError) && !connection.signal.aborted) {
        throw error;
      }
    } finally {
      this.ended.abort();
    }
  }
}
