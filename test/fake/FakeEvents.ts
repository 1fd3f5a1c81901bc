import { AsyncQueue } from "../../src/core/ports/AsyncQueue";
import type { EngineEvent, Labels } from "../../src/core/ports/ContainerTypes";
import { carries } from "./carries";

/** Those who watch a fake engine. */
export class FakeEvents {
  private readonly watchers = new Set<AsyncQueue<EngineEvent>>();

  tell(event: EngineEvent): void {
    this.watchers.forEach((watcher) => {
      watcher.push(event);
    });
  }

  /** The engine is gone. */
  end(): void {
    this.watchers.forEach((watcher) => {
      watcher.end();
    });
  }

  async *watch(labels: Labels, signal: AbortSignal | undefined): AsyncGenerator<EngineEvent> {
    const queue = new AsyncQueue<EngineEvent>(signal);
    this.watchers.add(queue);
    try {
      yield { kind: "listening" };
      for await (const event of queue) {
        if (event.kind !== "container" || carries(event.labels, labels)) {
          yield event;
        }
      }
    } finally {
      this.watchers.delete(queue);
    }
  }
}
