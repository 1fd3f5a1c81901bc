import { setMaxListeners } from "node:events";
import Docker from "dockerode";
import { EngineLostError, EngineRequestError, EngineTooOldError } from "../../core/errors";
import type { EngineEndpoint } from "../../core/ports/EngineEndpoint";
import type { EngineInfo } from "../../core/ports/EngineInfo";
import { callEngine, type EngineCall } from "../callEngine";
import type { Deadlines } from "../Deadlines";
import type { StreamRequest } from "../EngineConnection";
import { isTooOld, MINIMUM_API } from "../discovery/isTooOld";
import { parseEngineInfo } from "../shapes/engineInfo";
import { parseSystemInfo, type SystemInfo } from "../shapes/systemInfo";
import { chooseApiVersion } from "./chooseApiVersion";
import { EngineModem } from "./EngineModem";
import { VersionedConnection } from "./VersionedConnection";

export type Call<T> = Omit<EngineCall<T>, "engine" | "deadlineMs"> & { readonly deadlineMs?: number | undefined };

/** What the calls of DockerodeEngine have in common: the connection, and what is known of the engine at its other end. */
export class EngineClient {
  /** For streams; `ready` must have resolved before. */
  readonly connection: VersionedConnection;
  /** For requests that are answered at once, inside of `call`. */
  readonly docker: Docker;
  private version: EngineInfo | undefined;
  private rootless: boolean | undefined;

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
   * What engine it is, without asking again, but for whether it is rootless. From then on `connection` asks for a version
   * of the API that both know. Rejects with EngineTooOldError.
   */
  async ready(signal: AbortSignal | undefined): Promise<EngineInfo> {
    signal?.throwIfAborted();
    if (signal !== undefined) {
      // One signal can be that of any number of calls at the same time; from eleven on, Node would warn of a leak.
      setMaxListeners(0, signal);
    }
    if (this.version === undefined) {
      const during = "asking for the version";
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
        throw new EngineTooOldError(this.name, version.apiVersion, MINIMUM_API);
      }
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
  async call<T>({ deadlineMs = this.deadlines.answerMs, ...call }: Call<T>): Promise<T> {
    return this.watched(call.signal, async () => callEngine({ ...call, engine: this.name, deadlineMs }));
  }

  /** `EngineConnection.stream`, whose body rejects with the signal's reason wherever it is aborted. */
  async stream(request: StreamRequest): Promise<AsyncIterable<Uint8Array>> {
    return endingWith(request.signal, await this.watched(request.signal, async () => this.connection.stream(request)));
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

  private async watched<T>(signal: AbortSignal | undefined, action: () => Promise<T>): Promise<T> {
    await this.ready(signal);
    try {
      return await action();
    } catch (error) {
      if (error instanceof EngineLostError) {
        // Another engine may listen there the next time.
        this.version = undefined;
        this.rootless = undefined;
        this.connection.useVersion(undefined);
      }
      throw error;
    }
  }
}

/** To Node, an answer that goes on until the connection is closed is complete when we have closed it ourselves. */
async function* endingWith(
  signal: AbortSignal | undefined,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* chunks;
  signal?.throwIfAborted();
}
