import { makeContainer } from "../container/spec/makeContainer";
import type { PreparedSpec } from "../container/spec/containerSpec";
import { toStartError } from "../container/spec/toStartError";
import { ContainerStartError } from "../errors/containerErrors";
import { StepNotStoppedError } from "../errors/stepErrors";
import { messageOf } from "../errors/ExpectedError";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { Labels, OutputChunk } from "../ports/ContainerTypes";
import { connectTerminal, TERMINAL_ENV } from "./connectTerminal";
import { useContainer } from "./containersInUse";
import { decodeOutput } from "./decodeOutput";
import { Interruption, type Stoppable } from "./Interruption";
import { missingPart } from "./missingPart";
import { CANNOT_RUN, exitCodeOf, KILLED, NOT_FOUND } from "./exitCodes";
import { outputEvent } from "./outputEvent";
import type { StepEnd } from "./StepEnd";
import type { StepTerminal } from "./StepTerminal";
import type { StepPlace, TaskEvent } from "./TaskEvent";

export interface RunAloneOptions {
  readonly engine: ContainerEngine;
  /** With the step's own environment, user and folder. */
  readonly prepared: PreparedSpec;
  readonly command: readonly string[];
  /** Of the container. */
  readonly name: string;
  readonly labels: Labels;
  readonly place: StepPlace;
  readonly timeoutMs: number | undefined;
  readonly graceMs: number;
  readonly terminal: StepTerminal | undefined;
  readonly signal: AbortSignal | undefined;
}

/** One step as the first process of a new container, which is removed with it. */
export async function* runAlone(options: RunAloneOptions): AsyncGenerator<TaskEvent, StepEnd> {
  const { engine, prepared, command, name, labels, terminal, signal } = options;
  const use = useContainer(name);
  try {
    const interactive = terminal === undefined ? {} : { tty: true, stdin: true };
    const env = terminal === undefined ? prepared.spec.env : { ...TERMINAL_ENV, ...prepared.spec.env };
    const { id, warnings } = await makeContainer({
      ...{ engine, command, name, labels, start: false, signal, ...interactive },
      prepared: { ...prepared, spec: { ...prepared.spec, env } },
    });
    for (const message of warnings) {
      yield { type: "warning", message };
    }
    return yield* runIn(options, id);
  } finally {
    // A failure of this must not hide how the step has ended; what stays is removed at the next run.
    await engine.removeContainer(name).catch(() => undefined);
    use.release();
  }
}

async function* runIn(options: RunAloneOptions, id: string): AsyncGenerator<TaskEvent, StepEnd> {
  const { engine, prepared, place, timeoutMs, graceMs, signal } = options;
  const started = performance.now();
  const interruption = new Interruption({ signal, timeoutMs, graceMs });
  const program = new MainProgram(options, id, interruption.giveUp);
  let finished = false;
  try {
    const refusal = await program.start();
    if (refusal !== undefined) {
      yield* explain(options, id, refusal);
      finished = true;
      const durationMs = performance.now() - started;
      return { exitCode: exitCodeOf(refusal), durationMs, outOfMemory: false, timedOut: false };
    }
    interruption.begin(program);
    for await (const piece of decodeOutput(program.output)) {
      yield outputEvent(place, piece);
    }
    const exitCode = await engine.waitForExit(id, { signal: interruption.giveUp });
    const timedOut = await interruption.end();
    signal?.throwIfAborted();
    finished = true;
    if (exitCode === CANNOT_RUN || exitCode === NOT_FOUND) {
      yield* explain(options, id, undefined);
    }
    // Podman 4 does not say so; who has a limit and is killed has most probably reached it.
    const isLimited = prepared.spec.resources?.memoryBytes !== undefined;
    const told = exitCode === 0 ? false : ((await engine.inspectContainer(id, { signal }))?.outOfMemory ?? false);
    const outOfMemory = !timedOut && (told || (exitCode === KILLED && isLimited));
    return { exitCode, durationMs: performance.now() - started, outOfMemory, timedOut };
  } catch (error) {
    if (signal?.aborted === true) {
      await interruption.end().catch((cause: unknown) => {
        throw new StepNotStoppedError(options.name, place.name, cause);
      });
      signal.throwIfAborted();
    }
    throw error;
  } finally {
    await interruption.release({ stop: !finished });
  }
}

async function* explain(
  { engine, prepared, command, place, signal }: RunAloneOptions,
  containerId: string,
  refusal: ContainerStartError | undefined,
): AsyncGenerator<TaskEvent> {
  const { env, workingDirectory = "/" } = prepared.spec;
  const missing = await missingPart({ engine, containerId, command, env, workingDirectory, signal }).catch(messageOf);
  const text = missing ?? refusal?.message;
  if (text !== undefined) {
    const line = `slipway: ${text}\n`;
    yield { type: "output", step: place, stream: "stderr", data: Buffer.from(line), text: line };
  }
}

/** The first process of a container that is about to be started. */
class MainProgram implements Stoppable {
  output: AsyncIterable<OutputChunk> = (async function* () {})();
  private disconnect: () => void = () => undefined;
  private readonly connection = new AbortController();

  constructor(
    private readonly options: RunAloneOptions,
    private readonly id: string,
    private readonly giveUp: AbortSignal,
  ) {}

  /** Attaches first, so that nothing of the output is lost. @returns why it cannot be run. */
  async start(): Promise<ContainerStartError | undefined> {
    const { engine, prepared, command, terminal } = this.options;
    const signal = AbortSignal.any([this.giveUp, this.connection.signal]);
    try {
      if (terminal === undefined) {
        this.output = await engine.attachContainer(this.id, { signal });
        await engine.startContainer(this.id);
      } else {
        const program = await engine.attachTerminal(this.id, { signal });
        this.output = program.output;
        await engine.startContainer(this.id);
        this.disconnect = connectTerminal(program, terminal);
      }
      return undefined;
    } catch (error) {
      const failure = await toStartError(error, { ...prepared.spec, command });
      if (failure instanceof ContainerStartError) {
        return failure;
      }
      throw failure;
    }
  }

  async stop(): Promise<void> {
    const { engine, graceMs } = this.options;
    await engine.stopContainer(this.id, { graceSeconds: Math.ceil(graceMs / 1000), signal: this.giveUp });
  }

  letGo(): void {
    this.disconnect();
    this.connection.abort();
  }
}
