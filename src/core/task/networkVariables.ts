import type { RunConfiguration } from "../config/WorkspaceConfiguration";
import { caVariables, namesIn } from "../network/caVariables";
import type { NetworkSettings } from "../network/NetworkSettings";
import { CONTAINER_BUNDLE } from "../network/readCaCertificates";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";

export interface NetworkVariablesOptions extends CallOptions {
  readonly engine: ContainerEngine;
  readonly image: string;
  readonly run: RunConfiguration;
  readonly network: NetworkSettings;
}

/**
 * The variables of a container that tell its programs of the network. Proxies come before what the image sets, as with
 * docker; where programs find authorities, the image knows better.
 */
export async function networkVariables(options: NetworkVariablesOptions): Promise<Readonly<Record<string, string>>> {
  const { engine, image, run, network, signal } = options;
  if (network.certificates === undefined) {
    return network.proxies;
  }
  const details = await engine.inspectImage(image, { signal });
  const set = new Set([...Object.keys(run.env), ...namesIn(details?.config.env ?? [])]);
  return { ...network.proxies, ...caVariables(CONTAINER_BUNDLE, set) };
}
