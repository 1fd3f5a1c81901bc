import type { ContainerEngine } from "../ports/ContainerEngine";
import { formatEngineAddress } from "../ports/EngineEndpoint";

/** Names what no two may build at the same time: an image on an engine. */
export function buildKey({ endpoint }: Pick<ContainerEngine, "endpoint">, reference: string): string {
  return `${formatEngineAddress(endpoint.address)} ${reference}`;
}
