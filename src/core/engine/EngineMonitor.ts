import { setTimeout } from "node:timers/promises";
import { Emitter } from "../Emitter";
import { messageOf } from "../errors/ExpectedError";
import { EngineLostError, EngineTimeoutError } from "../errors/engineErrors";
import { CONTAINER_LABELS } from "../labels";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import type { EngineEvent } from "../ports/ContainerTypes";
import { formatEngineAddress } from "../ports/EngineEndpoint";
import { EngineLeases, type EngineLease } from "./EngineLeases";
import { pauseBeforeRetry } from "./pauseBeforeRetry";

/** What is known of the engine. */
export type EngineState =
  /** Nobody has needed one yet, or another one is to be taken. */
  | { readonly kind: "unknown" }
  | { readonly kind: "connected"; readonly engine: ContainerEngine }
  | { readonly kind: "unavailable"; readonly error: unknown };

export interface EngineMonitorOptions {
  /** Finds an engine; see connectEngine. Rejects with EngineUnavailableError. */
  readonly connect: (signal: AbortSignal) => Promise<ContainerEngine>;
  /** How long to wait, in milliseconds, after so many failures in a row, of which the last was this; see pauseBeforeRetry. */
  readonly pause?: (failures: number, error: unknown) => number;
}

/** An engine that was listened to for longer than this was there, in milliseconds. */
const LISTENING_MS = 2_000;
/** One with which nobody had trouble for this long is well again, in milliseconds. */
const CALM_MS = 60_000;

interface Connecting {
  readonly engine: Promise<ContainerEngine>;
  readonly controller: AbortController;
}

/**
 * The engine that one user of Slipway works with: found when it is first needed, and listened to while somebody follows
 * it. When it goes away it is looked for again, ever less often, until it is back.
 */
export class EngineMonitor {
  private readonly changed = new Emitter<EngineState>();
  private readonly happened = new Emitter<EngineEvent>();
  private readonly leases = new EngineLeases();
  private readonly options: Required<EngineMonitorOptions>;
  private known: EngineState = { kind: "unknown" };
  private connecting: Connecting | undefined;
  private followers = 0;
  private following: AbortController | undefined;
  /** Aborted to end the present listening, or the present pause. */
  private round = new AbortController();
  private resting: AbortController | undefined;
  private disposed = false;

  constructor({ connect, pause = pauseBeforeRetry }: EngineMonitorOptions) {
    this.options = { connect, pause };
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

  /** Rejects with EngineUnavailableError. The signal ends the waiting for it. */
  async get({ signal }: CallOptions = {}): Promise<ContainerEngine> {
    signal?.throwIfAborted();
    if (this.disposed) {
      throw new DOMException("No engine is used any more.", "AbortError");
    }
    return unlessAborted(this.find(), signal);
  }

  /** As `get`, but leaves it to who follows to look again for one that is known to be away. */
  async current(options: CallOptions = {}): Promise<ContainerEngine> {
    if (this.known.kind === "unavailable" && this.following !== undefined) {
      throw this.known.error;
    }
    return this.get(options);
  }

  /** As `get`, for whoever needs the engine for long: it stays open until released, also when another one is selected. */
  async lease(options: CallOptions = {}): Promise<EngineLease> {
    return this.leases.take(await this.get(options));
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

  /** Looks for an engine anew when this error, in which a call of `engine` ended, says that it is gone. */
  reportFailure(engine: ContainerEngine, error: unknown): void {
    const isPresent = this.known.kind === "connected" && this.known.engine === engine;
    if (isPresent && (error instanceof EngineLostError || error instanceof EngineTimeoutError)) {
      this.forget();
      this.set({ kind: "unavailable", error });
      this.round.abort();
    }
  }

  /** Another engine may be the right one from now on. Who has a lease of the present one goes on with it. */
  reset(): void {
    this.connecting?.controller.abort();
    this.forget();
    this.set({ kind: "unknown" });
    if (this.following !== undefined) {
      this.following.abort();
      this.following = new AbortController();
      void this.listen(this.following.signal);
    }
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    this.following?.abort();
    this.following = undefined;
    this.connecting?.controller.abort();
    await this.leases.closeAll();
  }

  private async find(): Promise<ContainerEngine> {
    const connecting = (this.connecting ??= this.connect());
    // Whoever waits for a search that a choice has made useless wants what the next one finds.
    const isOutdated = (): boolean => connecting.controller.signal.aborted && !this.disposed;
    let engine: ContainerEngine;
    try {
      engine = await connecting.engine;
    } catch (error) {
      if (isOutdated()) {
        return this.find();
      }
      if (this.connecting === connecting) {
        this.connecting = undefined;
        this.set({ kind: "unavailable", error });
      }
      throw error;
    }
    if (isOutdated()) {
      return this.find();
    }
    if (this.connecting === connecting) {
      this.resting?.abort();
      this.set({ kind: "connected", engine });
    }
    return engine;
  }

  private connect(): Connecting {
    const controller = new AbortController();
    const engine = this.options.connect(controller.signal).then(async (found) => {
      if (controller.signal.aborted) {
        // It is not the one that is used: it must not take the place of that.
        await found.close();
      } else {
        await this.leases.add(found);
      }
      return found;
    });
    return { engine, controller };
  }

  /** The next one who needs an engine looks for it anew. */
  private forget(): void {
    this.connecting = undefined;
  }

  private async listen(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      this.round = new AbortController();
      const { listenedMs, error } = await this.listenOnce(AbortSignal.any([signal, this.round.signal]));
      const calm = listenedMs > (this.round.signal.aborted ? CALM_MS : LISTENING_MS);
      // One that was there until now may be back at once; after a failed call it is left in peace for a moment.
      failures = calm ? Number(this.round.signal.aborted) : failures + 1;
      if (failures > 0) {
        await this.rest(this.options.pause(failures, error), signal);
      }
    }
  }

  /** For how long the engine was listened to, and why it could not be found if so. Forgets it in the end. */
  private async listenOnce(signal: AbortSignal): Promise<{ readonly listenedMs: number; readonly error: unknown }> {
    let since: number | undefined;
    let engine: ContainerEngine | undefined;
    let failure: unknown;
    try {
      engine = await this.get({ signal });
      for await (const event of engine.watchEvents({ labels: CONTAINER_LABELS, signal })) {
        since ??= performance.now();
        this.happened.emit(event);
      }
    } catch (error) {
      failure = error;
    }
    // Whether it is gone, and why, is what the next search tells.
    if (!signal.aborted && this.known.kind === "connected" && this.known.engine === engine) {
      this.forget();
    }
    return { listenedMs: since === undefined ? 0 : performance.now() - since, error: failure };
  }

  /** Until the next attempt is due, or somebody else has found an engine. It keeps no process alive. */
  private async rest(ms: number, signal: AbortSignal): Promise<void> {
    const resting = new AbortController();
    this.resting = resting;
    const either = AbortSignal.any([signal, resting.signal]);
    await setTimeout(ms, undefined, { signal: either, ref: false }).catch(() => undefined);
  }

  private set(state: EngineState): void {
    const before = this.known;
    this.known = state;
    if (keyOf(state) !== keyOf(before) && !this.disposed) {
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

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) {
    return promise;
  }
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      reject(signal.reason instanceof Error ? signal.reason : new DOMException("Aborted", "AbortError"));
    };
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (abort !== undefined) {
      signal.removeEventListener("abort", abort);
    }
  }
}
