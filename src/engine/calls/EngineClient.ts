import { setMaxListeners } from "node:events";
import Docker from "dockerode";
import { EngineLostError, EngineRequestError, EngineTooOldError } from "../../core/errors/engineErrors";
import type { EngineEndpoint } from "../../core/ports/EngineEndpoint";
import type { EngineInfo } from "../../core/ports/EngineInfo";
import { callEngine, type EngineCall } from "../callEngine";
import type { Deadlines } from "../Deadlines";
import type { StreamRequest } from "../EngineConnection";
import { isTooOld, MINIMUM_API } from "../discovery/isTooOld";
import { parseEngineInfo } from "../shapes/engineInfo";
import { parseSystemInfo, type SystemInfo } from "../shapes/systemInfo";
import { chooseApiVersion } from "./chooseApiVersion";
import { leave, releasing } from "../stream/releasing";
import { EngineModem } from "./EngineModem";
import { VersionedConnection } from "./VersionedConnection";

export type Call<T> = Omit<EngineCall<T>, "engine" | "deadlineMs"> & {
  readonly deadlineMs?: number | undefined;
  /** False where `action` cannot be run a second time, since what it sends is gone. */
  readonly repeatable?: boolean;
};

/** After this long without an answer, another engine may listen in the place of the one that is known. */
const IDLE_MS = 30_000;
const BAD_REQUEST = 400;

/** What the calls of DockerodeEngine have in common: the connection, and what is known of the engine at its other end. */
export class EngineClient {
  /** For streams; `ready` must have resolved before. */
  readonly connection: VersionedConnection;
  /** For requests that are answered at once, inside of `call`. */
  readonly docker: Docker;
  private version: EngineInfo | undefined;
  private rootless: boolean | undefined;
  /** When the engine has answered last, by `performance.now`. */
  private lastAnswer = 0;

  constructor(
    readonly endpoint: EngineEndpoint,
    deadlines?: Deadlines,
  ) {
    this.connection = new VersionedConnection(endpoint.address, deadlines);
    this.docker = new Docker({ modem: new EngineModem(this.connection) } as unknown as Docker.DockerOptions);
  }

  /** The engine's address, for messages. */
  get name(): string {
    return this.connection.name;
  }

  get deadlines(): Deadlines {
    return this.connection.deadlines;
  }

  /**
   * What engine it is, without asking again unless it has been idle, but for whether it is rootless. From then on
   * `connection` asks for a version of the API that both know. Rejects with EngineTooOldError.
   */
  async ready(signal: AbortSignal | undefined): Promise<EngineInfo> {
    const isIdle = performance.now() - this.lastAnswer > IDLE_MS;
    prepare(signal);
    return this.version === undefined || isIdle ? this.askVersion(signal) : this.version;
  }

  /**
   * What engine it is now, asked in any case: for what takes long and cannot be repeated when it turns out that another
   * engine listens there.
   */
  async askVersion(signal: AbortSignal | undefined): Promise<EngineInfo> {
    const during = "asking for the version";
    prepare(signal);
    const version = await callEngine({
      engine: this.name,
      during,
      signal,
      deadlineMs: this.deadlines.answerMs,
      action: async (abortSignal) =>
        parseEngineInfo(
          JSON.parse(await this.connection.text({ method: "GET", path: "/version", during, signal: abortSignal })),
        ),
    });
    if (isTooOld(version.apiVersion)) {
      this.forget();
      throw new EngineTooOldError(this.name, version.apiVersion, MINIMUM_API);
    }
    this.lastAnswer = performance.now();
    if (this.version === undefined || isAnother(this.version, version)) {
      this.rootless = undefined;
      this.connection.useVersion(chooseApiVersion(version.apiVersion));
      this.version = version;
    }
    return this.version;
  }

  async info(signal: AbortSignal | undefined): Promise<EngineInfo> {
    const version = await this.ready(signal);
    this.rootless ??= (await this.systemInfo(signal)).rootless;
    return { ...version, rootless: this.rootless };
  }

  /** Asked each time. Takes Podman a quarter of a second. */
  async systemInfo(signal: AbortSignal | undefined): Promise<SystemInfo> {
    return this.call({
      during: "asking what the engine is",
      signal,
      action: async (abortSignal) => {
        // Its types do not know that it takes options.
        const info = this.docker.info.bind(this.docker) as unknown as (options: object) => Promise<unknown>;
        return parseSystemInfo(await info({ abortSignal }));
      },
    });
  }

  /** Calls made afterwards reject with EngineLostError. */
  async close(): Promise<void> {
    await this.connection.close();
  }

  /** Runs a call of dockerode; see callEngine. */
  async call<T>({ deadlineMs = this.deadlines.answerMs, repeatable = true, ...call }: Call<T>): Promise<T> {
    return this.watched(call.signal, repeatable, async () => callEngine({ ...call, engine: this.name, deadlineMs }));
  }

  /** `EngineConnection.stream`, whose body rejects with the signal's reason wherever it is aborted. */
  async stream(request: StreamRequest): Promise<AsyncGenerator<Uint8Array>> {
    const { signal, body } = request;
    const chunks = await this.watched(signal, body === undefined, async () => this.connection.stream(request));
    return releasing(endingWith(signal, chunks), async () => leave(chunks));
  }

  /** `EngineConnection.text`: an answer that may take as long as it takes. */
  async text(request: StreamRequest): Promise<string> {
    return this.watched(request.signal, request.body === undefined, async () => this.connection.text(request));
  }

  /** `call`, whose refusals `explain` turns into what they mean: an error to reject with, or a value to give instead. */
  async callOr<T>(call: Call<T>, explain: (refusal: EngineRequestError) => Promise<T> | T): Promise<T> {
    try {
      return await this.call(call);
    } catch (error) {
      if (error instanceof EngineRequestError) {
        return explain(error);
      }
      throw error;
    }
  }

  /**
   * Whoever refuses a request as a wrong one may be another engine than the one that the request was made for, such as an
   * older one: then it is made once more. Nothing has come of it, since it was refused.
   */
  private async watched<T>(signal: AbortSignal | undefined, repeatable: boolean, action: () => Promise<T>): Promise<T> {
    const asked = await this.ready(signal);
    try {
      return await this.answered(action);
    } catch (error) {
      const isWrong = error instanceof EngineRequestError && error.status === BAD_REQUEST;
      if (isWrong && (await this.isAnotherThan(asked, signal)) && repeatable) {
        return this.answered(action);
      }
      throw error;
    }
  }

  private async answered<T>(action: () => Promise<T>): Promise<T> {
    try {
      const answer = await action();
      this.lastAnswer = performance.now();
      return answer;
    } catch (error) {
      if (error instanceof EngineLostError) {
        // Another engine may listen there the next time.
        this.forget();
      }
      throw error;
    }
  }

  private async isAnotherThan(asked: EngineInfo, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      return isAnother(asked, await this.askVersion(signal));
    } catch {
      // What it was asked for before has been answered, and that is what counts.
      signal?.throwIfAborted();
      return false;
    }
  }

  private forget(): void {
    this.version = undefined;
    this.rootless = undefined;
    this.connection.useVersion(undefined);
  }
}

function prepare(signal: AbortSignal | undefined): void {
  signal?.throwIfAborted();
  if (signal !== undefined) {
    // One signal can be that of any number of calls at the same time; from eleven on, Node would warn of a leak.
    setMaxListeners(0, signal);
  }
}

function isAnother(a: EngineInfo, b: EngineInfo): boolean {
  return a.kind !== b.kind || a.version !== b.version || a.apiVersion !== b.apiVersion;
}

/** To Node, an answer that goes on until the connection is closed is complete when we have closed it ourselves. */
async function* endingWith(
  signal: AbortSignal | undefined,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* chunks;
  signal?.throwIfAborted();
}
