import type { CallOptions } from "../../src/core/ports/ContainerEngine";
import type { OutputChunk, TerminalSize } from "../../src/core/ports/ContainerTypes";
import type { RunningProgram } from "../../src/core/ports/RunningProgram";
import { abortable } from "./abortable";
import type { FakeProcess } from "./FakeProcess";

const INTERRUPT = 0x03;

export interface FakeRunningProgramOptions {
  readonly output: AsyncIterable<OutputChunk>;
  /** Undefined while a container has not been started yet. */
  readonly process: () => FakeProcess | undefined;
  readonly tty: boolean;
  readonly signal: AbortSignal | undefined;
  readonly exitCode: (signal: AbortSignal | undefined) => Promise<number>;
  readonly close: () => void;
}

/** The connection to a program that runs in a fake container. */
export class FakeRunningProgram implements RunningProgram {
  readonly output: AsyncIterable<OutputChunk>;

  constructor(private readonly options: FakeRunningProgramOptions) {
    this.output = options.output;
  }

  async write(data: Uint8Array): Promise<void> {
    const process = this.options.process();
    // A terminal turns Ctrl-C into a signal for whatever runs in it.
    if (this.options.tty && data.includes(INTERRUPT)) {
      process?.signal("SIGINT");
    }
    const typed = this.options.tty ? data.filter((byte) => byte !== INTERRUPT) : data;
    if (typed.length > 0) {
      await abortable(process?.input.write(typed) ?? Promise.resolve(), this.options.signal);
    }
  }

  async endInput(): Promise<void> {
    this.options.process()?.input.end();
    return Promise.resolve();
  }

  async resize(size: TerminalSize, { signal }: CallOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    const process = this.options.process();
    if (process !== undefined) {
      process.size = size;
      process.signal("SIGWINCH");
    }
    return Promise.resolve();
  }

  async exitCode({ signal }: CallOptions = {}): Promise<number> {
    signal?.throwIfAborted();
    return this.options.exitCode(signal);
  }

  close(): void {
    this.options.close();
  }
}
