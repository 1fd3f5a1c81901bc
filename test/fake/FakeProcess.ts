import type { OutputChunk, TerminalSize } from "../../src/core/ports/ContainerTypes";
import { FakeFileError } from "./FakeFileError";
import { FakeInput } from "./FakeInput";
import type { FakeProgram, ProgramContext } from "./FakeProgram";

const KILLED = 137;

/** What a program that does not hear a signal ends with, but for a container's first one, which goes on. */
const DEFAULT_CODE: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

export interface FakeProcessOptions extends Pick<
  ProgramContext,
  "env" | "workingDirectory" | "mounts" | "files" | "user" | "spec" | "build" | "ports"
> {
  readonly program: FakeProgram;
  readonly tty: boolean;
  readonly stdin: boolean;
  /** Whether it is the first one of its container. */
  readonly first: boolean;
  readonly emit: (chunk: OutputChunk) => void;
}

/** A program that runs. */
export class FakeProcess {
  readonly input = new FakeInput();
  /** Its exit code. */
  readonly ended: Promise<number>;
  size: TerminalSize = { columns: 80, rows: 24 };
  outOfMemory = false;
  burnsCpu = false;
  private readonly signals = new Map<string, AbortController>();
  private readonly gone = new AbortController();
  private end: (code: number) => void = () => undefined;

  constructor(private readonly options: FakeProcessOptions) {
    if (!options.stdin) {
      this.input.end();
    }
    const killed = new Promise<number>((resolve) => {
      this.end = resolve;
    });
    // Not before the start has been answered, as in a real engine.
    const work = Promise.resolve().then(async () => this.run());
    this.ended = Promise.race([work, killed]).finally(() => {
      this.gone.abort();
      this.input.close();
    });
  }

  get env(): Readonly<Record<string, string>> {
    return this.options.env;
  }

  signal(name: string): void {
    const listener = this.signals.get(name);
    const code = DEFAULT_CODE[name];
    if (name === "SIGKILL") {
      this.end(KILLED);
    } else if (listener !== undefined) {
      listener.abort();
    } else if (code !== undefined && !this.options.first) {
      this.end(code);
    }
  }

  private async run(): Promise<number> {
    try {
      return await this.options.program(this.context());
    } catch (error) {
      if (!(error instanceof FakeFileError)) {
        throw error;
      }
      this.write("stderr", `${error.message}\n`);
      return 1;
    }
  }

  private context(): ProgramContext {
    const { env, workingDirectory, mounts, files, user, spec, build, ports } = this.options;
    const signalled = (name: string): AbortSignal => this.listen(name);
    return {
      ...{ env, workingDirectory, mounts, files, user, spec, build, ports, signalled },
      write: (stream, data) => {
        this.write(stream, data);
      },
      input: this.input,
      gone: this.gone.signal,
      size: () => this.size,
      get terminate() {
        return signalled("SIGTERM");
      },
      burnCpu: () => {
        this.burnsCpu = true;
      },
      exhaustMemory: async () => {
        this.outOfMemory = true;
        this.end(KILLED);
        return new Promise<never>(() => undefined);
      },
    };
  }

  private listen(name: string): AbortSignal {
    const listener = this.signals.get(name) ?? new AbortController();
    this.signals.set(name, listener);
    return listener.signal;
  }

  private write(stream: OutputChunk["stream"], data: string | Uint8Array): void {
    if (this.gone.signal.aborted || data.length === 0) {
      return;
    }
    if (!this.options.tty) {
      this.options.emit({ stream, data: Buffer.from(data) });
      return;
    }
    const text = Buffer.from(data).toString("latin1").replaceAll("\n", "\r\n");
    this.options.emit({ stream: "stdout", data: Buffer.from(text, "latin1") });
  }
}
