import type { EngineProblem } from "../../core/errors/engineErrors";
import { formatEngineAddress, type EngineAddress } from "../../core/ports/EngineEndpoint";
import { choiceOf } from "./choiceOf";
import { parseEngineAddress, type ParseAddressOptions } from "./parseEngineAddress";
import { showableAddress } from "./showableAddress";

/** A place where an engine may listen, of which nobody has asked yet. */
export interface EndpointCandidate {
  /** For people, and never with a password: as it is written in messages. */
  readonly address: string;
  /** Who says so, for people: "DOCKER_HOST", "Docker's default socket". */
  readonly source: string;
  /** Where it is, or why that is known to be no place already. */
  readonly target:
    | { readonly kind: "address"; readonly address: EngineAddress }
    | { readonly kind: "unusable"; readonly problem: EngineProblem; readonly detail: string };
  /** What to write for `slipway.engine` or --engine to choose this one, if it can be used. */
  readonly choice: string;
  /** Nobody has named it: engines listen there by default. */
  readonly isDefault?: boolean;
}

/** A candidate of an address as it was written by `source`. */
export function candidateOf(
  written: { readonly text: string; readonly source: string; readonly choice?: string; readonly identityFile?: string },
  options: ParseAddressOptions,
): EndpointCandidate {
  const { text, source, choice, identityFile } = written;
  const parsed = parseEngineAddress(text, options);
  if ("problem" in parsed) {
    const address = showableAddress(text);
    return {
      ...{ address, source, choice: choice ?? address },
      target: { kind: "unusable", problem: "bad-address", detail: parsed.problem },
    };
  }
  const address = formatEngineAddress(parsed);
  const located = parsed.kind === "ssh" && identityFile !== undefined ? { ...parsed, identityFile } : parsed;
  return { address, source, choice: choice ?? choiceOf(located), target: { kind: "address", address: located } };
}

/** The same for two candidates that lead to the same place as the same user: /var/run is /run, and keys make a difference. */
export function placeOf({ address, target }: EndpointCandidate): string {
  if (target.kind === "unusable") {
    return `${address} ${target.detail}`;
  }
  return address.replace(/^unix:\/\/\/var\/run\//, "unix:///run/") + credentialsOf(target.address);
}

function credentialsOf(address: EngineAddress): string {
  switch (address.kind) {
    case "unix":
    case "npipe":
      return "";
    case "tcp": {
      const { tls } = address;
      return tls === undefined ? "" : ` TLS ${tls.id}${tls.skipVerify ? " unchecked" : ""}`;
    }
    case "ssh":
      return address.identityFile === undefined ? "" : ` ${address.identityFile}`;
  }
}

/** Each place once, as the first one that named it has it. */
export function withoutDuplicates(candidates: readonly EndpointCandidate[]): readonly EndpointCandidate[] {
  const byPlace = new Map<string, EndpointCandidate>();
  for (const candidate of candidates) {
    const place = placeOf(candidate);
    byPlace.set(place, byPlace.get(place) ?? candidate);
  }
  return [...byPlace.values()];
}
