import type { ContainerSummary, EngineEvent } from "../ports/ContainerTypes";
import type { ContainerManager } from "./ContainerManager";

/**
 * The containers of a workspace, kept current by the engine's events: the whole list is read once, and then only what an
 * event is about.
 */
export class ContainerList {
  private containers = new Map<string, ContainerSummary>();
  private readonly outdated = new Set<string>();
  private everything = true;
  private reading: Promise<void> | undefined;

  constructor(readonly manager: ContainerManager) {}

  /** Newest first. */
  get current(): readonly ContainerSummary[] {
    return [...this.containers.values()].sort((a, b) => b.created - a.created);
  }

  /** Takes note of an event; `update` then reads what it is about. "listening" means that others may have been missed. */
  note(event: EngineEvent): void {
    switch (event.kind) {
      case "listening":
        this.everything = true;
        return;
      case "container":
        if (this.manager.owns(event.labels)) {
          this.outdated.add(event.id);
        }
        return;
      case "image":
        return;
    }
  }

  /** Everything is read anew by the next `update`. */
  invalidate(): void {
    this.everything = true;
  }

  /**
   * Resolves when everything that was noted before has been read; reads at most once at a time, for all who ask. Rejects
   * as ContainerManager.list does; nothing is lost then.
   */
  async update(): Promise<void> {
    while (this.reading !== undefined || this.everything || this.outdated.size > 0) {
      this.reading ??= this.read().finally(() => {
        this.reading = undefined;
      });
      await this.reading;
    }
  }

  private async read(): Promise<void> {
    const { everything } = this;
    const ids = [...this.outdated];
    this.everything = false;
    this.outdated.clear();
    try {
      const read = await this.manager.list(everything ? {} : { ids });
      const kept = everything ? [] : [...this.containers.values()].filter(({ id }) => !ids.includes(id));
      this.containers = new Map([...kept, ...read].map((container) => [container.id, container]));
    } catch (error) {
      this.everything ||= everything;
      ids.forEach((id) => this.outdated.add(id));
      throw error;
    }
  }
}
