import type { CallOptions } from "./ContainerEngine";
import type { OutputChunk, TerminalSize } from "./ContainerTypes";

/** A program in a container, together with the connection to its streams. Whoever started it must `close` it. */
export interface RunningProgram {
  /**
   * To be read by one reader. Its end does not mean success, a lost engine ends it too: ask `exitCode`. It can be left
   * early.
   */
  readonly output: AsyncIterable<OutputChunk>;
  /**
   * Resolves when more may be written. Rejects with InputClosedError when the program has ended or the streams were let go
   * of, with EngineLostError when the connection is broken.
   */
  write(data: Uint8Array): Promise<void>;
  /** The program reads an end of file after what was written. What it writes still comes. */
  endInput(): Promise<void>;
  /** For programs with a terminal. Does nothing when the program has ended. */
  resize(size: TerminalSize, options?: CallOptions): Promise<void>;
  /**
   * Once it has ended. Rejects with EngineLostError when that cannot be known, with ContainerNotFoundError when the
   * container is gone.
   */
  exitCode(options?: CallOptions): Promise<number>;
  /** Lets go of the streams. The program goes on running. */
  close(): void;
}
