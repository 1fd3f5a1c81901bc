import { candidateOf, type EndpointCandidate } from "./EndpointCandidate";
import type { EndpointEnvironment } from "./EndpointEnvironment";
import type { PodmanConnection } from "./PodmanConnection";
import { readConnectionsFile } from "./readConnectionsFile";
import { readContainersConf } from "./readContainersConf";
import { showableAddress } from "./showableAddress";

/**
 * The connections that `podman system connection add` has made, the default one first, then by name. Those of Podman's
 * machines are left out: their ssh server has a key that nobody knows, and each has a socket or a pipe of its own on this
 * machine.
 */
export function listConnections(environment: EndpointEnvironment): readonly EndpointCandidate[] {
  const [older, newer] = [readContainersConf(environment), readConnectionsFile(environment)];
  // Where both have a name, Podman takes the connection of the newer file.
  const byName = new Map([...older.connections, ...newer.connections].map((each) => [each.name, each]));
  const first = newer.defaultName ?? older.defaultName;
  return [...byName.values()]
    .sort((a, b) => Number(b.name === first) - Number(a.name === first) || (a.name < b.name ? -1 : 1))
    .filter(({ isMachine }) => !isMachine)
    .map((connection) => fromConnection(environment, connection));
}

/** The connection of this name; undefined when there is none. */
export function findConnection(environment: EndpointEnvironment, name: string): EndpointCandidate | undefined {
  return listConnections(environment).find(({ choice }) => choice === choiceOf(name));
}

/** The candidate for a connection that was chosen, also when there is none of this name. */
export function chosenConnection(environment: EndpointEnvironment, name: string): EndpointCandidate {
  const choice = choiceOf(name);
  return (
    findConnection(environment, name) ?? {
      ...{ address: showableAddress(choice), source: sourceOf(name), choice },
      target: {
        kind: "unusable",
        problem: "unknown-context",
        detail: 'there is no such connection; "podman system connection list" lists them',
      },
    }
  );
}

function fromConnection(environment: EndpointEnvironment, connection: PodmanConnection): EndpointCandidate {
  const { name, uri: text, identityFile } = connection;
  const { allowPlainTcp } = environment;
  const key = identityFile === undefined ? {} : { identityFile };
  return candidateOf({ text, source: sourceOf(name), choice: choiceOf(name), ...key }, { allowPlainTcp });
}

const choiceOf = (name: string): string => `connection:${name}`;
const sourceOf = (name: string): string => `the Podman connection "${showableAddress(name)}"`;
