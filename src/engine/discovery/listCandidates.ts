import { candidatesOfVariables } from "./candidatesOfVariables";
import { withoutDuplicates, type EndpointCandidate } from "./EndpointCandidate";
import { currentContext, chosenContext, listContexts } from "./dockerContexts";
import { defaultSockets } from "./defaultSockets";
import { explicitCandidate, type ExplicitChoice } from "./explicitCandidate";
import { listConnections } from "./podmanConnections";
import type { EndpointEnvironment } from "./EndpointEnvironment";

/**
 * Where to look for an engine, best first. What somebody has chosen (`explicit`, the environment, a docker context other
 * than the default one) is the only place to look: another engine than the chosen one would be a surprise.
 */
export function listCandidates(
  environment: EndpointEnvironment,
  explicit?: ExplicitChoice,
): readonly EndpointCandidate[] {
  const chosen = [
    explicit === undefined ? [] : [explicitCandidate(environment, explicit)],
    candidatesOfVariables(environment),
    currentCandidates(environment),
  ].find(({ length }) => length > 0);
  return withoutDuplicates(chosen ?? defaultSockets(environment));
}

/** Every engine that can be chosen, each place once: also those that `listCandidates` passes over for a chosen one. */
export function listAllCandidates(
  environment: EndpointEnvironment,
  explicit?: ExplicitChoice,
): readonly EndpointCandidate[] {
  return withoutDuplicates([
    ...(explicit === undefined ? [] : [explicitCandidate(environment, explicit)]),
    ...candidatesOfVariables(environment),
    ...currentCandidates(environment),
    ...listContexts(environment),
    ...defaultSockets(environment),
    ...listConnections(environment),
  ]);
}

function currentCandidates(environment: EndpointEnvironment): readonly EndpointCandidate[] {
  const name = currentContext(environment);
  return name === undefined ? [] : [chosenContext(environment, name)];
}
