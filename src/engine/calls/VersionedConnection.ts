import type { ClientRequest, RequestOptions } from "node:http";
import { EngineLostError } from "../../core/errors/engineErrors";
import { EngineConnection } from "../EngineConnection";

/** What an engine of any version answers; asked for one that it does not speak, it would refuse this, too. */
const UNVERSIONED = "/version";

/**
 * A connection that asks for one version of the Docker Engine API. Every request goes through `request`, whoever makes
 * it, so that this is the one place where the version gets into a path.
 */
export class VersionedConnection extends EngineConnection {
  private prefix = "";
  private closed = false;

  /** @param version "1.41"; undefined leaves it to the engine. */
  useVersion(version: string | undefined): void {
    this.prefix = version === undefined ? "" : `/v${version}`;
  }

  override request(options: RequestOptions): ClientRequest {
    const { path } = options;
    return super.request({ ...options, path: path === UNVERSIONED ? path : `${this.prefix}${path ?? "/"}` });
  }

  override async ready(signal?: AbortSignal, during = "connecting"): Promise<void> {
    if (this.closed) {
      signal?.throwIfAborted();
      throw new EngineLostError(this.name, during);
    }
    await super.ready(signal, during);
  }

  override async close(): Promise<void> {
    this.closed = true;
    await super.close();
  }
}
