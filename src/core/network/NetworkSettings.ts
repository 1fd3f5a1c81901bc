import type { EngineAddress } from "../ports/EngineEndpoint";
import type { CaCertificates } from "./readCaCertificates";

/** What builds and containers are told of the network that this machine is in. */
export interface NetworkSettings {
  /** HTTP_PROXY and the like, in upper and lower case. The values may have passwords in them. */
  readonly proxies: Readonly<Record<string, string>>;
  /** Authorities to trust besides the public ones; undefined where there are none. */
  readonly certificates: CaCertificates | undefined;
  /** For people: what could not be read. */
  readonly warnings: readonly string[];
}

/** Reads them as they are now. Rejects with CertificateError. */
export type ReadNetwork = (engine: EngineAddress) => Promise<NetworkSettings>;

export const NO_NETWORK_SETTINGS: NetworkSettings = { proxies: {}, certificates: undefined, warnings: [] };
