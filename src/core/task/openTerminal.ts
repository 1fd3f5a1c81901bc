import type { ContainerEngine } from "../ports/ContainerEngine";
import type { TerminalSize } from "../ports/ContainerTypes";
import type { RunningProgram } from "../ports/RunningProgram";
import { TERMINAL_ENV } from "./connectTerminal";
import { StepProcess } from "./StepProcess";

export interface OpenTerminalOptions {
  readonly engine: ContainerEngine;
  readonly containerId: string;
  /** Undefined is the best shell that there is: bash, else sh. */
  readonly command?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Undefined is the container's. */
  readonly user: string | undefined;
  /** Undefined is the container's. */
  readonly workingDirectory: string | undefined;
  readonly size: TerminalSize;
  /** Between SIGTERM and SIGKILL at its end. Undefined is half a second: shells do not hear the first one. */
  readonly graceMs?: number | undefined;
  /** Ends the program, as `stop` does. */
  readonly signal?: AbortSignal | undefined;
}

export interface OpenTerminal extends RunningProgram {
  /** Ends the program with all that it has started, and lets go of it. Never rejects. `close` does not wait for that. */
  stop(): Promise<void>;
  /** Lets go of it; it goes on running. */
  detach(): void;
}

const GRACE_MS = 500;
const BEST_SHELL: readonly string[] = ["/bin/sh", "-c", "command -v bash >/dev/null && exec bash; exec /bin/sh"];

/** Runs a program in a terminal of a container that runs. Rejects as ContainerEngine.exec does. */
export async function openTerminal(options: OpenTerminalOptions): Promise<OpenTerminal> {
  const { engine, containerId, command = BEST_SHELL, env, user, workingDirectory, size, signal } = options;
  const { graceMs = GRACE_MS } = options;
  signal?.throwIfAborted();
  const spec = { command, env: { ...TERMINAL_ENV, ...env }, user, workingDirectory, tty: true, stdin: true };
  const step = await StepProcess.start({ engine, containerId, spec, graceMs });
  const { program } = step;
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    // Whoever closes a terminal cannot do anything about what is not done; the engine is lost then, or its container.
    stopped ??= step.stop().catch(() => undefined);
    program.close();
    signal?.removeEventListener("abort", close);
    return stopped;
  };
  const close = (): void => {
    void stop();
  };
  signal?.addEventListener("abort", close, { once: true });
  if (signal?.aborted === true) {
    await stop();
    signal.throwIfAborted();
  }
  // A program without a size would believe in a terminal of 80 columns, or of none; one that has ended needs none.
  await program.resize(size).catch(() => undefined);
  return {
    output: program.output,
    write: async (data) => program.write(data),
    endInput: async () => program.endInput(),
    resize: async (to, call) => program.resize(to, call),
    exitCode: async (call) => program.exitCode(call),
    stop,
    close,
    detach: () => {
      signal?.removeEventListener("abort", close);
      program.close();
    },
  };
}
