import type { BuildEvent } from "../core/ports/BuildEvent";

/** Warnings that come up while something else is awaited, until somebody can be told of them. */
export class Warnings {
  private pending: readonly string[] = [];

  readonly add = (message: string): void => {
    this.pending = [...this.pending, message];
  };

  /** Those that nobody was told of yet. */
  take(): readonly BuildEvent[] {
    const taken = this.pending;
    this.pending = [];
    return taken.map((message) => ({ type: "warning", message }));
  }
}
