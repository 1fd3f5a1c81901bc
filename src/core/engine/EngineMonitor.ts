import { setTimeout } from "node:timers/promises";
import { Emitter } from "../Emitter";
import { EngineLostError, EngineTimeoutError, EngineUnavailableError, messageOf } from "../errors";
import { LABEL } from "../labels";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { EngineEvent } from "../ports/ContainerTypes";
import { formatEngineAddress } from "../ports/EngineEndpoint";

/** What is known of the engine. */
export type EngineState =
  /** Nobody has needed one yet, or another one is to be taken. */
  | { readonly kind: "unknown" }
  | { readonly kind: "connected"; readonly engine: ContainerEngine }
  | { readonly kind: "unavailable"; readonly error: unknown };

export interface EngineMonitorOptions {
  /** Finds an engine; see connectEngine. Rejects with EngineUnavailableError. */
  readonly connect: () => Promise<ContainerEngine>;
  /** How long to wait before a lost engine is looked for again, in milliseconds: longer each time, up to the last. */
  readonly retryMs?: readonly number[];
}

const RETRY_MS = [1_000, 2_000, 5_000, 15_000];
/** The longest that a timer can wait. */
const FOREVER_MS = 2 ** 31 - 1;
/** An engine that was listened to for longer than this has answered, in milliseconds. */
const LISTENING_MS = 2_000;

/**
 * The engine that one user of Slipway works with: found when it is first needed, and listened to while somebody follows
 * it. When it goes away it is looked for again, ever less often, until it is back.
 */
export class EngineMonitor {
  private readonly changed = new Emitter<EngineState>();
  private readonly happened = new Emitter<EngineEvent>();
  private readonly connect: EngineMonitorOptions["connect"];
  private readonly retryMs: readonly number[];
  private readonly opened = new Set<ContainerEngine>();
  private known: EngineState = { kind: "unknown" };
  private connecting: Promise<ContainerEngine> | undefined;
  private followers = 0;
  private following: AbortController | undefined;
  private resting: AbortController | undefined;

  constructor({ connect, retryMs = RETRY_MS }: EngineMonitorOptions) {
    this.connect = connect;
    this.retryMs = retryMs;
  }

  get state(): EngineState {
    return this.known;
  }

  onDidChange(listener: (state: EngineState) => void): { dispose(): void } {
    return this.changed.on(listener);
  }

  /** "listening" comes each time that events may have been missed before. */
  onEvent(listener: (event: EngineEvent) => void): { dispose(): void } {
    return this.happened.on(listener);
  }

  /** Rejects with EngineUnavailableError. */
  async get(): Promise<ContainerEngine> {
    const connecting = (this.connecting ??= this.open());
    try {
      const engine = await connecting;
      if (this.connecting === connecting) {
        this.resting?.abort();
        this.set({ kind: "connected", engine });
      }
      return engine;
    } catch (error) {
      // A newer attempt, after another engine was chosen, is not this one's to clear.
      if (this.connecting === connecting) {
        this.connecting = undefined;
        this.set({ kind: "unavailable", error });
      }
      throw error;
    }
  }

  /** As `get`, but leaves it to who follows to look again for one that is known to be away. */
  async current(): Promise<ContainerEngine> {
    if (this.state.kind === "unavailable" && this.following !== undefined) {
      throw this.state.error;
    }
    return this.get();
  }

  /** Listens to the engine until disposed of. */
  follow(): { dispose(): void } {
    this.followers++;
    if (this.following === undefined) {
      this.following = new AbortController();
      void this.listen(this.following.signal);
    }
    let over = false;
    return {
      dispose: () => {
        this.followers -= over ? 0 : 1;
        over = true;
        if (this.followers === 0) {
          this.following?.abort();
          this.following = undefined;
        }
      },
    };
  }

  /** Looks for an engine anew when this error, which a call of it ended in, says that the present one is gone. */
  reportFailure(error: unknown): void {
    if (error instanceof EngineLostError || error instanceof EngineTimeoutError) {
      this.connecting = undefined;
      this.set({ kind: "unavailable", error });
      this.restart();
    }
  }

  /** Another engine may be the right one from now on. Who uses the present one may go on with it. */
  reset(): void {
    this.connecting = undefined;
    this.set({ kind: "unknown" });
    this.restart();
  }

  async dispose(): Promise<void> {
    this.following?.abort();
    this.following = undefined;
    await Promise.allSettled([...this.opened].map(async (engine) => engine.close()));
  }

  private async open(): Promise<ContainerEngine> {
    const engine = await this.connect();
    // One that somebody may still use is not closed when the next one is found.
    this.opened.add(engine);
    return engine;
  }

  private restart(): void {
    if (this.following !== undefined) {
      this.following.abort();
      this.following = new AbortController();
      void this.listen(this.following.signal);
    }
  }

  private async listen(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      const listenedMs = await this.listenOnce(signal);
      // One that was there until now may be back at once.
      failures = listenedMs > LISTENING_MS ? 0 : failures + 1;
      if (failures > 0) {
        await this.rest(failures, signal);
      }
    }
  }

  /** @returns for how long the engine was listened to, in milliseconds. */
  private async listenOnce(signal: AbortSignal): Promise<number> {
    let since: number | undefined;
    let engine: ContainerEngine | undefined;
    try {
      engine = await this.get();
      for await (const event of engine.watchEvents({ labels: { [LABEL.kind]: "task" }, signal })) {
        since ??= performance.now();
        this.happened.emit(event);
      }
    } catch {
      // Whether the engine is gone, and why, is what the next attempt to find one tells.
    }
    if (!signal.aborted && engine !== undefined) {
      this.connecting = undefined;
    }
    return since === undefined ? 0 : performance.now() - since;
  }

  /** Until the next attempt is due, or somebody else has found an engine. It keeps no process alive. */
  private async rest(failures: number, signal: AbortSignal): Promise<void> {
    const resting = new AbortController();
    this.resting = resting;
    const ms = this.needsPerson() ? FOREVER_MS : this.retryMs[Math.min(failures, this.retryMs.length) - 1];
    const either = AbortSignal.any([signal, resting.signal]);
    await setTimeout(ms, undefined, { signal: either, ref: false }).catch(() => undefined);
  }

  /** A machine that has refused a login would only be annoyed by more of them, and may lock its user out. */
  private needsPerson(): boolean {
    const { known } = this;
    return (
      known.kind === "unavailable" && known.error instanceof EngineUnavailableError && known.error.action === "login"
    );
  }

  private set(state: EngineState): void {
    const before = this.known;
    this.known = state;
    if (keyOf(state) !== keyOf(before)) {
      this.changed.emit(state);
    }
  }
}

/** States with the same key are the same for whoever listens. */
function keyOf(state: EngineState): string {
  switch (state.kind) {
    case "unknown":
      return state.kind;
    case "connected":
      return `${state.kind} ${formatEngineAddress(state.engine.endpoint.address)}`;
    case "unavailable":
      return `${state.kind} ${messageOf(state.error)}`;
  }
}
