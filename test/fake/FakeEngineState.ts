import { EngineLostError, EngineRequestError } from "../../src/core/errors/engineErrors";
import type { BuildImageOptions, CallOptions } from "../../src/core/ports/ContainerEngine";
import type { EngineEndpoint } from "../../src/core/ports/EngineEndpoint";
import { abortable } from "./abortable";
import type { FakeContainer } from "./FakeContainer";
import type { FakeEngineOptions } from "./FakeEngineOptions";
import { FakeEvents } from "./FakeEvents";
import { newFakeImage } from "./FakeImage";
import { FakeImages } from "./FakeImages";
import type { FakeProgram } from "./FakeProgram";

/** What a fake engine has, and what tests do to it beside calling it. */
export abstract class FakeEngineState {
  readonly endpoint: EngineEndpoint = { address: { kind: "unix", socketPath: "/fake/engine.sock" }, source: "fake" };
  /** Names of the methods that were called, in order. */
  readonly calls: string[] = [];
  /** What was asked for with each buildImage, in order. */
  readonly builds: BuildImageOptions[] = [];
  /** What the next pulls give; a new image each time where undefined. */
  pulledId: string | undefined;
  protected readonly events = new FakeEvents();
  protected readonly containers = new Map<string, FakeContainer>();
  protected readonly images = new FakeImages((event) => {
    this.events.tell(event);
  });
  protected readonly loss = new AbortController();
  private closed = false;

  constructor(protected readonly options: FakeEngineOptions = {}) {
    for (const reference of options.images ?? []) {
      this.images.add(newFakeImage(), [reference]);
    }
  }

  /** From now on nothing answers, and every stream ends, as when the engine's process is killed. */
  lose(): void {
    this.loss.abort(new EngineLostError("fake", "waiting"));
    this.events.end();
    for (const container of this.containers.values()) {
      container.lose();
    }
  }

  /** Another name for an image. */
  tag(imageId: string, reference: string): void {
    this.images.tag(imageId, reference);
  }

  /** The same reference for another image, as a push of somebody else and a pull would make it. */
  replaceImage(reference: string): void {
    this.images.add(newFakeImage(), [reference]);
  }

  async close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  protected async enter(call: string, { signal }: CallOptions): Promise<void> {
    this.calls.push(call);
    await Promise.resolve();
    signal?.throwIfAborted();
    if (this.closed || this.loss.signal.aborted) {
      throw new EngineLostError("fake", call);
    }
  }

  /** What a promise gives, unless the call is aborted or the engine is lost before. */
  protected async wait<T>(promise: Promise<T> | undefined, { signal }: CallOptions): Promise<T | undefined> {
    return abortable(
      Promise.resolve(promise),
      AbortSignal.any([...(signal === undefined ? [] : [signal]), this.loss.signal]),
    );
  }

  protected findProgram(argv: readonly string[]): FakeProgram | undefined {
    return this.options.programs?.[JSON.stringify(argv)];
  }

  protected requireName(isName: boolean, name: string): void {
    if (!isName) {
      throw new EngineRequestError(400, "naming", `${JSON.stringify(name)} is no name`);
    }
  }
}
