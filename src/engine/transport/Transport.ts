import type { Agent } from "node:http";

/** The options of node:http and node:https that lead to an engine. What TLS needs is in the agent, and there only. */
export type RequestTarget =
  | { readonly protocol: "http:"; readonly socketPath: string; readonly agent: Agent }
  | { readonly protocol: "http:" | "https:"; readonly host: string; readonly port: number; readonly agent: Agent };

/** The way to an engine. */
export interface Transport {
  /** The same one for as long as the transport is open; it leads there once `ready` has resolved. */
  readonly target: RequestTarget;
  /**
   * To be awaited before each request: resolves when one can be sent, which for ssh means that the tunnel stands.
   * Rejects with TransportError when there is no way to the engine, or with `signal.reason`.
   */
  ready(signal?: AbortSignal): Promise<void>;
  /** Ends what this has started. Requests fail from then on. */
  close(): Promise<void>;
}
