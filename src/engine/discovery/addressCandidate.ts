import { showableAddress } from "./showableAddress";
import { tlsFiles, tlsOfVariables } from "./dockerTls";
import { candidateOf, type EndpointCandidate } from "./EndpointCandidate";
import type { EndpointEnvironment } from "./EndpointEnvironment";

/** A candidate of an address for docker's client, whose variables say whether tcp:// means TLS, and with which files. */
export function addressCandidate(environment: EndpointEnvironment, text: string, source: string): EndpointCandidate {
  const { allowPlainTcp } = environment;
  const scheme = /^\s*(tcp|https):\/\//i.exec(text)?.[1]?.toLowerCase();
  const tls =
    scheme === "https"
      ? tlsFiles(environment, { skipVerify: false })
      : scheme === "tcp"
        ? tlsOfVariables(environment)
        : undefined;
  if (tls !== undefined && "problem" in tls) {
    const address = showableAddress(text);
    return {
      ...{ address, source, choice: address },
      target: { kind: "unusable", problem: "bad-certificate", detail: tls.problem },
    };
  }
  return candidateOf({ text, source }, { tls, allowPlainTcp });
}
