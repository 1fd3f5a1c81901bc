import { ContainerNotFoundError, ContainerNotRunningError, ExecError } from "../errors/containerErrors";
import { ContainerGoneError, StepNotStoppedError } from "../errors/stepErrors";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { ExecSpec } from "../ports/ContainerTypes";
import { connectTerminal, TERMINAL_ENV } from "./connectTerminal";
import { decodeOutput } from "./decodeOutput";
import { CANNOT_RUN, exitCodeOf, KILLED, NOT_FOUND } from "./exitCodes";
import { findGone } from "./findGone";
import { Interruption } from "./Interruption";
import { missingPart } from "./missingPart";
import { readOomKills } from "./readOomKills";
import { outputEvent } from "./outputEvent";
import { StepProcess } from "./StepProcess";
import type { StepEnd } from "./StepEnd";
import type { StepTerminal } from "./StepTerminal";
import type { StepPlace, TaskEvent } from "./TaskEvent";

export interface RunStepOptions {
  readonly engine: ContainerEngine;
  readonly container: { readonly id: string; readonly name: string };
  readonly place: StepPlace;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  readonly workingDirectory: string;
  readonly timeoutMs: number | undefined;
  readonly graceMs: number;
  readonly terminal: StepTerminal | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * One step, by an exec of its own. Yields its output, and a line of why where it cannot be run. When the signal is
 * aborted or the loop is left, it is stopped with all that it has started.
 */
export async function* runStep(options: RunStepOptions): AsyncGenerator<TaskEvent, StepEnd> {
  const { place, timeoutMs, graceMs, terminal, signal } = options;
  signal?.throwIfAborted();
  const started = performance.now();
  const interruption = new Interruption({ signal, timeoutMs, graceMs });
  let finished = false;
  let disconnect: (() => void) | undefined;
  try {
    const step = await start(options, interruption.giveUp);
    if (step instanceof ExecError) {
      const isMissing = yield* explain(options, step);
      finished = true;
      return { ...endAt(started), exitCode: isMissing ? NOT_FOUND : exitCodeOf(step) };
    }
    interruption.begin(step);
    disconnect = terminal === undefined ? undefined : connectTerminal(step.program, terminal);
    for await (const piece of decodeOutput(step.program.output)) {
      yield outputEvent(place, piece);
    }
    // How it has ended only the engine can tell: a lost one ends the output, too.
    const exitCode = await step.program.exitCode({ signal: interruption.giveUp });
    const timedOut = await interruption.end();
    signal?.throwIfAborted();
    finished = true;
    const end = { ...endAt(started), exitCode, timedOut };
    if (exitCode === 0 || timedOut) {
      return end;
    }
    if (exitCode === CANNOT_RUN || exitCode === NOT_FOUND) {
      // Docker 20.10 says 126 also of what is not there.
      if (yield* explain(options, undefined)) {
        return { ...end, exitCode: NOT_FOUND };
      }
    }
    return { ...end, outOfMemory: await wasOutOfMemory(options, exitCode) };
  } catch (error) {
    if (signal?.aborted === true) {
      // What cancelling ends in, such as a broken stream, is cancellation and no error of its own.
      await interruption.end().catch((cause: unknown) => {
        throw new StepNotStoppedError(options.container.name, place.name, cause);
      });
      signal.throwIfAborted();
    }
    throw await toGone(options, error);
  } finally {
    disconnect?.();
    await interruption.release({ stop: !finished });
  }
}

const endAt = (started: number): Omit<StepEnd, "exitCode"> => ({
  durationMs: performance.now() - started,
  outOfMemory: false,
  timedOut: false,
});

/** @returns the error where the program cannot be run, which is a way for a step to fail. */
async function start(options: RunStepOptions, giveUp: AbortSignal): Promise<StepProcess | ExecError> {
  const { engine, container, command, env, user, workingDirectory, graceMs, terminal } = options;
  const interactive = terminal !== undefined;
  const spec: ExecSpec = {
    ...{ command, user, workingDirectory, tty: interactive, stdin: interactive },
    env: interactive ? { ...TERMINAL_ENV, ...env } : env,
  };
  try {
    return await StepProcess.start({ engine, containerId: container.id, spec, graceMs, signal: giveUp });
  } catch (error) {
    if (error instanceof ExecError) {
      return error;
    }
    throw error;
  }
}

/**
 * A line on stderr that says what is missing; nothing where the program has said that itself.
 *
 * @returns whether something is.
 */
async function* explain(options: RunStepOptions, refusal: ExecError | undefined): AsyncGenerator<TaskEvent, boolean> {
  const { container, place } = options;
  const missing = await missingPart({ ...options, containerId: container.id });
  const text = missing ?? refusal?.message;
  if (text !== undefined) {
    const line = `slipway: ${text}\n`;
    yield { type: "output", step: place, stream: "stderr", data: Buffer.from(line), text: line };
  }
  return missing !== undefined;
}

/** Rejects with ContainerGoneError where all of the container has come to its end with the step. */
async function wasOutOfMemory(options: RunStepOptions, exitCode: number): Promise<boolean> {
  const { engine, container, signal } = options;
  let found = await findGone(options);
  let kills: number | undefined = 0;
  if (!(found instanceof ContainerGoneError) && exitCode === KILLED) {
    kills = await readOomKills(engine, container.id, { signal });
    // For a moment, engines say of a container that it runs whose processes are dead already.
    found = kills === undefined ? await findGone({ ...options, expected: true }) : found;
  }
  if (found instanceof ContainerGoneError) {
    throw found;
  }
  return exitCode === KILLED && (found.outOfMemory || (kills ?? 0) > 0);
}

async function toGone(options: RunStepOptions, error: unknown): Promise<unknown> {
  const { container, place } = options;
  if (error instanceof ContainerNotFoundError) {
    return new ContainerGoneError(container.name, place.name, "removed", { cause: error });
  }
  // One that is paused is there, and says what to do.
  if (!(error instanceof ContainerNotRunningError) || error.paused) {
    return error;
  }
  const found = await findGone(options);
  return found instanceof ContainerGoneError ? found : error;
}
