import type { Duplex } from "node:stream";
import { InputClosedError } from "../../core/errors/containerErrors";
import { EngineLostError } from "../../core/errors/engineErrors";
import type { CallOptions } from "../../core/ports/ContainerEngine";
import type { OutputChunk, TerminalSize } from "../../core/ports/ContainerTypes";
import type { RunningProgram } from "../../core/ports/RunningProgram";
import { drained } from "../../core/drained";
import { readOutput } from "./readOutput";

export interface HijackedProgramOptions {
  /** The connection that the engine has handed over. This owns it. */
  readonly socket: Duplex;
  readonly tty: boolean;
  readonly container: string;
  /** The engine's address, for messages. */
  readonly engine: string;
  /** For messages: "running a program". */
  readonly during: string;
  /** Ends the connection. */
  readonly signal: AbortSignal | undefined;
  /** Whether the program still runs although the connection has ended. Rejects with EngineLostError when nobody answers. */
  readonly runs: (options: CallOptions) => Promise<boolean>;
  /** @param ended aborted once no more output comes. */
  readonly exitCode: (options: CallOptions & { readonly ended: AbortSignal }) => Promise<number>;
  readonly resize: (size: TerminalSize, options: CallOptions) => Promise<void>;
}

/** A program whose stdin and output are the two directions of a connection of its own. */
export class HijackedProgram implements RunningProgram {
  readonly output: AsyncIterable<OutputChunk>;
  private readonly ended = new AbortController();
  private closed = false;
  private code: number | undefined;

  constructor(private readonly options: HijackedProgramOptions) {
    const { socket, tty, signal } = options;
    this.output = readOutput(readSocket(socket, signal), tty);
    const abort = (): void => {
      socket.destroy();
    };
    // What a broken connection means, the end of the output and exitCode tell.
    socket.on("error", () => undefined);
    socket.once("end", () => {
      this.ended.abort();
    });
    socket.once("close", () => {
      this.ended.abort();
      signal?.removeEventListener("abort", abort);
    });
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted === true || socket.destroyed) {
      socket.destroy();
      this.ended.abort();
    }
  }

  async write(data: Uint8Array): Promise<void> {
    const { socket, container, engine, during, runs, signal } = this.options;
    signal?.throwIfAborted();
    if (socket.writable && !socket.write(data)) {
      await drained(socket);
    }
    if (!socket.writable) {
      signal?.throwIfAborted();
      const isBroken = !this.closed && (await runs({ signal }));
      throw isBroken ? new EngineLostError(engine, during) : new InputClosedError(container);
    }
  }

  /** The engine sees the end of one direction; the other one stays open. */
  async endInput(): Promise<void> {
    const { socket } = this.options;
    if (socket.writable) {
      await new Promise<void>((resolve) => {
        socket.once("close", resolve);
        socket.end(() => {
          socket.off("close", resolve);
          resolve();
        });
      });
    }
  }

  async resize(size: TerminalSize, options: CallOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    if (!this.ended.signal.aborted) {
      await this.options.resize(size, options);
    }
  }

  /** Engines forget programs some time after they have ended, so that what is known is kept. */
  async exitCode(options: CallOptions = {}): Promise<number> {
    options.signal?.throwIfAborted();
    this.code ??= await this.options.exitCode({ ...options, ended: this.ended.signal });
    return this.code;
  }

  close(): void {
    this.closed = true;
    this.options.socket.destroy();
    this.ended.abort();
  }
}

async function* readSocket(socket: Duplex, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      yield chunk as Uint8Array;
    }
  } catch {
    // A connection that breaks ends the output: whether the program has ended, exitCode tells.
  } finally {
    // What nobody reads must not hold the program up.
    socket.resume();
  }
  signal?.throwIfAborted();
}
