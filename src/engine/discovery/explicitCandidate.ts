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

/** What is an address, whatever may have such a name. */
const ADDRESS = /^(?:[a-z][a-z0-9+.-]*:\/\/|\/|$)/i;
/** What can only have been meant as a name. */
const NAME = /^[A-Za-z0-9][\w.+-]*$/;

/**
 * The place that a choice means: an address, `context:NAME` for a docker context, `connection:NAME` for a connection of
 * Podman's, or just a NAME, which is the context's of this name, else the connection's.
 */
export function explicitCandidate(environment: EndpointEnvironment, explicit: ExplicitChoice): EndpointCandidate {
  const found = byKind(environment, explicit) ?? byNameOrAddress(environment, explicit);
  const { source } = explicit;
  return found.source === source ? found : { ...found, source: `${source}: ${found.source}` };
}

function byKind(environment: EndpointEnvironment, { address }: ExplicitChoice): EndpointCandidate | undefined {
  const [, kind, name = ""] = /^\s*(?:(context|connection):)(.*)$/s.exec(address) ?? [];
  // A name may begin or end with a space, which is more often a slip of who writes one.
  switch (kind) {
    case "context":
      return findContext(environment, name) ?? chosenContext(environment, name.trim());
    case "connection":
      return findConnection(environment, name) ?? chosenConnection(environment, name.trim());
    default:
      return undefined;
  }
}

function byNameOrAddress(environment: EndpointEnvironment, { address, source }: ExplicitChoice): EndpointCandidate {
  const text = address.trim();
  const named = ADDRESS.test(text) ? undefined : (findContext(environment, text) ?? findConnection(environment, text));
  return named ?? (NAME.test(text) ? nameless(text) : addressCandidate(environment, text, source));
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
