import type { BuildImageOptions } from "../../src/core/ports/ContainerEngine";
import type { ContainerSpec, OutputChunk, PortBinding, TerminalSize } from "../../src/core/ports/ContainerTypes";
import type { FakeFiles } from "./FakeFiles";

/** What a program in a fake container sees of the world. */
export interface ProgramContext {
  readonly write: (stream: OutputChunk["stream"], data: string | Uint8Array) => void;
  /** Its stdin; ends at once where it has none. */
  readonly input: AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly mounts: ContainerSpec["mounts"];
  readonly files: FakeFiles;
  /** A name, a uid or "uid:gid"; "" is root. */
  readonly user: string;
  /** What its container was made with; undefined in a build. */
  readonly spec: ContainerSpec | undefined;
  /** What the build was told in which it runs; undefined in a container. */
  readonly build?: BuildImageOptions | undefined;
  /** Its container's ports as they are bound. */
  readonly ports: readonly PortBinding[];
  /** Of its terminal, at this moment. */
  readonly size: () => TerminalSize;
  /** Aborted by SIGTERM. SIGKILL ends the program without asking it. */
  readonly terminate: AbortSignal;
  /** Aborted by the signal of that name. Who does not ask for one does not hear it. */
  readonly signalled: (unixSignal: string) => AbortSignal;
  /** Aborted when the program has come to its end in any way: for what a fake one holds of the real world. */
  readonly gone: AbortSignal;
  /** From now on it takes all of a CPU's time. */
  readonly burnCpu: () => void;
  /** Takes more memory than there is: the program is killed. */
  readonly exhaustMemory: () => Promise<never>;
}

/** What runs in a fake container. @returns the exit code. */
export type FakeProgram = (context: ProgramContext) => Promise<number> | number;
