import type { StepsOutcome } from "../../src/core/task/StepsOutcome";
import type { StepResult, TaskEvent } from "../../src/core/task/TaskEvent";

/** Reads the events of steps as they come, so that a test can wait for a part of their output. */
export class StepsReader {
  readonly events: TaskEvent[] = [];
  /** Rejects as the steps do. */
  readonly ended: Promise<StepsOutcome>;
  private wake: (() => void) | undefined;
  private hasEnded = false;

  constructor(steps: AsyncGenerator<TaskEvent, StepsOutcome>) {
    this.ended = this.read(steps).finally(() => {
      this.hasEnded = true;
      this.wake?.();
    });
    this.ended.catch(() => undefined);
  }

  /** Resolves once stdout has the text. */
  async seen(text: string): Promise<void> {
    while (!this.text("stdout").includes(text)) {
      if (this.hasEnded) {
        await this.ended;
        throw new Error(`The steps ended without ${JSON.stringify(text)}: ${this.text("stdout")}`);
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  text(stream: "stdout" | "stderr"): string {
    return this.events.map((event) => (event.type === "output" && event.stream === stream ? event.text : "")).join("");
  }

  /** How steps have ended, in order. */
  get results(): readonly StepResult[] {
    return this.events.flatMap((event) => (event.type === "step-ended" ? [event.result] : []));
  }

  private async read(steps: AsyncGenerator<TaskEvent, StepsOutcome>): Promise<StepsOutcome> {
    for (;;) {
      const next = await steps.next();
      if (next.done === true) {
        return next.value;
      }
      this.events.push(next.value);
      this.wake?.();
    }
  }
}
