import { addressCandidate } from "./addressCandidate";
import { candidateOf, type EndpointCandidate } from "./EndpointCandidate";
import { variable, type EndpointEnvironment } from "./EndpointEnvironment";
import { chosenConnection } from "./podmanConnections";

/** What the variables of docker's and Podman's clients say: DOCKER_HOST, CONTAINER_HOST, CONTAINER_CONNECTION. */
export function candidatesOfVariables(environment: EndpointEnvironment): readonly EndpointCandidate[] {
  const docker = variable(environment, "DOCKER_HOST");
  const podman = variable(environment, "CONTAINER_HOST");
  const connection = variable(environment, "CONTAINER_CONNECTION");
  return [
    ...(docker === undefined ? [] : [addressCandidate(environment, docker, "DOCKER_HOST")]),
    ...(podman === undefined ? [] : [podmanCandidate(environment, podman)]),
    // Podman's own order: the address comes before the name.
    ...(connection === undefined || podman !== undefined ? [] : [byName(environment, connection)]),
  ];
}

function podmanCandidate(environment: EndpointEnvironment, text: string): EndpointCandidate {
  if (/^https:/i.test(text)) {
    // Podman has no such form; it is to mean the same wherever it is written.
    return addressCandidate(environment, text, "CONTAINER_HOST");
  }
  const identityFile = variable(environment, "CONTAINER_SSHKEY");
  const key = identityFile === undefined ? {} : { identityFile };
  const { allowPlainTcp } = environment;
  return candidateOf({ text, source: "CONTAINER_HOST", ...key }, { allowPlainTcp });
}

function byName(environment: EndpointEnvironment, name: string): EndpointCandidate {
  const candidate = chosenConnection(environment, name);
  return { ...candidate, source: `CONTAINER_CONNECTION: ${candidate.source}` };
}
