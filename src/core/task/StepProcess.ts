import { randomBytes } from "node:crypto";
import { ContainerNotFoundError } from "../errors/containerErrors";
import { EngineTimeoutError } from "../errors/engineErrors";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { ExecSpec } from "../ports/ContainerTypes";
import { formatEngineAddress } from "../ports/EngineEndpoint";
import type { RunningProgram } from "../ports/RunningProgram";
import type { Stoppable } from "./Interruption";
import { STEP_VARIABLE } from "./stopScript";
import { stopStep } from "./stopStep";

export interface StepProcessOptions {
  readonly engine: ContainerEngine;
  readonly containerId: string;
  readonly spec: ExecSpec;
  /** Between SIGTERM and SIGKILL, when it is stopped. */
  readonly graceMs: number;
  /** Ends the waiting for its start. */
  readonly signal?: AbortSignal | undefined;
}

/** How long the engine may take to stop it, beyond the grace. */
const STOP_WITHIN_MS = 10_000;
/** Whether it has ended is not known at once. */
const END_WITHIN_MS = 500;

/** A program in a container that can be stopped with all that it has started. */
export class StepProcess implements Stoppable {
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly options: StepProcessOptions,
    private readonly token: string,
    readonly program: RunningProgram,
  ) {}

  /** Rejects as ContainerEngine.exec does. */
  static async start(options: StepProcessOptions): Promise<StepProcess> {
    const { engine, containerId, spec, signal } = options;
    const token = randomBytes(12).toString("hex");
    const env = { ...spec.env, [STEP_VARIABLE]: token };
    return new StepProcess(options, token, await engine.exec(containerId, { ...spec, env }, { signal }));
  }

  /**
   * Resolves once nothing of it runs any more; its output can still be read. Where that cannot be had in another way, its
   * container is stopped. Rejects with EngineLostError or EngineTimeoutError.
   */
  async stop(): Promise<void> {
    this.stopping ??= this.endInTime();
    return this.stopping;
  }

  letGo(): void {
    this.program.close();
  }

  private async endInTime(): Promise<void> {
    const { engine, graceMs } = this.options;
    const deadlineMs = graceMs + STOP_WITHIN_MS;
    const overdue = AbortSignal.timeout(deadlineMs);
    try {
      await this.endAll(overdue);
    } catch (error) {
      throw overdue.aborted
        ? new EngineTimeoutError(formatEngineAddress(engine.endpoint.address), "stopping a step", deadlineMs)
        : error;
    }
  }

  private async endAll(signal: AbortSignal): Promise<void> {
    const { engine, containerId, spec, graceMs } = this.options;
    const { token } = this;
    const since = performance.now();
    // What was started a moment ago may not be there yet, and so is looked for until its end is known.
    do {
      const left = await stopStep({ engine, containerId, token, user: spec.user, graceMs, signal });
      const isOver = (left ?? 0) === 0 && (await this.hasEnded());
      if (isOver) {
        return;
      }
      if (left === undefined) {
        break;
      }
    } while (performance.now() - since < graceMs + STOP_WITHIN_MS / 2);
    await engine.stopContainer(containerId, { graceSeconds: Math.ceil(graceMs / 1000), signal });
  }

  private async hasEnded(): Promise<boolean> {
    const overdue = AbortSignal.timeout(END_WITHIN_MS);
    try {
      await this.program.exitCode({ signal: overdue });
      return true;
    } catch (error) {
      if (overdue.aborted) {
        return false;
      }
      // Gone with its container, then.
      if (error instanceof ContainerNotFoundError) {
        return true;
      }
      throw error;
    }
  }
}
