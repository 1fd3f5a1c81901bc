import type { ContainerEngine } from "../ports/ContainerEngine";

/** An engine that stays open until it is released. */
export interface EngineLease {
  readonly engine: ContainerEngine;
  release(): void;
}

/** Engines that were opened one after the other: each but the newest is closed once nobody has a lease of it. */
export class EngineLeases {
  private readonly counts = new Map<ContainerEngine, number>();
  private newest: ContainerEngine | undefined;

  /** Takes care of an engine, which replaces the one before. */
  async add(engine: ContainerEngine): Promise<void> {
    this.newest = engine;
    this.counts.set(engine, this.counts.get(engine) ?? 0);
    await this.closeUnused();
  }

  take(engine: ContainerEngine): EngineLease {
    this.counts.set(engine, (this.counts.get(engine) ?? 0) + 1);
    let released = false;
    return {
      engine,
      release: () => {
        this.counts.set(engine, (this.counts.get(engine) ?? 0) - (released ? 0 : 1));
        released = true;
        void this.closeUnused();
      },
    };
  }

  async closeAll(): Promise<void> {
    const engines = [...this.counts.keys()];
    this.counts.clear();
    await closeEach(engines);
  }

  private async closeUnused(): Promise<void> {
    const unused = [...this.counts].filter(([engine, count]) => count <= 0 && engine !== this.newest);
    const engines = unused.map(([engine]) => engine);
    engines.forEach((engine) => this.counts.delete(engine));
    await closeEach(engines);
  }
}

/** One that cannot be closed is gone. */
async function closeEach(engines: readonly ContainerEngine[]): Promise<void> {
  await Promise.allSettled(engines.map(async (engine) => engine.close()));
}
