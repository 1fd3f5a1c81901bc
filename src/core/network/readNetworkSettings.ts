import { formatEngineAddress, type EngineAddress } from "../ports/EngineEndpoint";
import { dockerConfigFile } from "./dockerConfigFile";
import type { Machine } from "./Machine";
import type { NetworkSettings } from "./NetworkSettings";
import type { PackFiles } from "./PackFiles";
import { ownProxies, proxiesFor } from "./proxyVariables";
import { readCaCertificates } from "./readCaCertificates";
import { readDockerProxies } from "./readDockerProxies";

export interface NetworkOptions {
  readonly machine: Machine;
  /** PEM files with authorities to trust. */
  readonly caFiles: readonly string[];
  /** Whether this process's own proxy variables count. */
  readonly propagateProxy: boolean;
  readonly packFiles: PackFiles;
}

/** Rejects with CertificateError. */
export async function readNetworkSettings(options: NetworkOptions, engine: EngineAddress): Promise<NetworkSettings> {
  const { machine, caFiles, propagateProxy, packFiles } = options;
  const file = dockerConfigFile(machine);
  const configured = await readDockerProxies(file);
  const certificates = await readCaCertificates(caFiles, packFiles);
  return {
    proxies: {
      ...(propagateProxy ? ownProxies(machine.env) : {}),
      ...proxiesFor(configured ?? {}, formatEngineAddress(engine)),
    },
    certificates,
    warnings: configured === undefined ? [`The proxies in ${file} are not used: the file is damaged.`] : [],
  };
}
