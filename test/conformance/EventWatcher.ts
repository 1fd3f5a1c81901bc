import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import type { EngineEvent, Labels } from "../../src/core/ports/ContainerTypes";

const PATIENCE_MS = 20_000;

/** Listens to an engine, and lets a test wait for an event. */
export class EventWatcher {
  readonly events: EngineEvent[] = [];
  private readonly controller = new AbortController();
  private readonly watching: Promise<void>;
  private wake: (() => void) | undefined;

  constructor(engine: ContainerEngine, labels: Labels) {
    this.watching = this.watch(engine, labels);
    this.watching.catch(() => this.wake?.());
  }

  async listening(): Promise<void> {
    await this.seen(({ kind }) => kind === "listening");
  }

  async seen(wanted: (event: EngineEvent) => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!this.events.some(wanted)) {
      if (Date.now() > deadline) {
        throw new Error(`The event did not come. These did: ${JSON.stringify(this.events)}`);
      }
      await Promise.race([
        new Promise<void>((resolve) => {
          this.wake = resolve;
          setTimeout(resolve, PATIENCE_MS).unref();
        }),
        this.watching,
      ]);
    }
  }

  async stop(): Promise<void> {
    this.controller.abort();
    await this.watching.catch(() => undefined);
  }

  private async watch(engine: ContainerEngine, labels: Labels): Promise<void> {
    for await (const event of engine.watchEvents({ labels, signal: this.controller.signal })) {
      this.events.push(event);
      this.wake?.();
    }
  }
}
