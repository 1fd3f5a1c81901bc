/** The options of node:http and node:https that lead to an engine. */
export type RequestTarget =
  | { readonly protocol: "http:"; readonly socketPath: string }
  | { readonly protocol: "http:"; readonly host: string; readonly port: number }
  | {
      readonly protocol: "https:";
      readonly host: string;
      readonly port: number;
      readonly ca?: string;
      readonly cert?: string;
      readonly key?: string;
      readonly rejectUnauthorized: boolean;
    };

/** The way to an engine. */
export interface Transport {
  /** Valid for as long as the transport is open, and once `ready` has resolved. */
  readonly target: RequestTarget;
  /**
   * To be awaited before each request: resolves when one can be sent, which for ssh means that the tunnel stands.
   * Rejects with EngineLostError when there is no way to the engine, or with `signal.reason`.
   */
  ready(signal?: AbortSignal): Promise<void>;
  /** Ends what this has started. Requests fail from then on. */
  close(): Promise<void>;
}
