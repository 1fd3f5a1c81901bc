import type { BuildImageOptions } from "../../core/ports/ContainerEngine";
import type { Query } from "../EngineConnection";

/** What both of Docker's builders are told besides what all builders are. */
export function dockerQuery({ network, extraHosts = {} }: BuildImageOptions, cacheFrom: readonly string[]): Query {
  return {
    networkmode: network,
    extrahosts: Object.entries(extraHosts).map(([name, address]) => `${name}:${address}`),
    cachefrom: cacheFrom.length === 0 ? undefined : JSON.stringify(cacheFrom),
  };
}
