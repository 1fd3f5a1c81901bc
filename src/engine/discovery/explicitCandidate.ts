import { addressCandidate } from "./addressCandidate";
import { chosenContext, findContext } from "./dockerContexts";
import type { EndpointCandidate } from "./EndpointCandidate";
import type { EndpointEnvironment } from "./EndpointEnvironment";
import { chosenConnection, findConnection } from "./podmanConnections";

/** What somebody has chosen, in words of theirs, and where they said so. */
export interface ExplicitChoice {
  readonly address: string;
  readonly source: string;
}

/**
 * The place that a choice means: an address, `context:NAME` for a docker context, `connection:NAME` for a connection of
 * Podman's, or just a NAME, which is the context's of this name, else the connection's.
 */
export function explicitCandidate(environment: EndpointEnvironment, explicit: ExplicitChoice): EndpointCandidate {
  const { source } = explicit;
  const text = explicit.address.trim();
  const [, kind, name] = /^(?:(context|connection):)?([A-Za-z0-9][\w.+-]*)$/.exec(text) ?? [];
  if (name === undefined) {
    return addressCandidate(environment, text, source);
  }
  const found = byName(environment, name, kind);
  return found.source === source ? found : { ...found, source: `${source}: ${found.source}` };
}

function byName(environment: EndpointEnvironment, name: string, kind: string | undefined): EndpointCandidate {
  switch (kind) {
    case "context":
      return chosenContext(environment, name);
    case "connection":
      return chosenConnection(environment, name);
    default:
      return findContext(environment, name) ?? findConnection(environment, name) ?? nameless(name);
  }
}

function nameless(name: string): EndpointCandidate {
  return {
    ...{ address: name, source: `the name "${name}"`, choice: name },
    target: {
      kind: "unusable",
      problem: "unknown-context",
      detail:
        'no docker context and no Podman connection has this name; an address begins with "unix://", "ssh://" or the like',
    },
  };
}
