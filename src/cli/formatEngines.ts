import type { ProbedCandidate } from "../engine/discovery/probeAll";

export interface EngineList {
  /** As they are to be listed. */
  readonly probed: readonly ProbedCandidate[];
  /** The one of them that is used. */
  readonly used: ProbedCandidate | undefined;
}

/** For programs: a line of JSON for each place. */
export function formatEnginesAsJson({ probed, used }: EngineList): readonly string[] {
  return probed.map((each) => JSON.stringify(factsOf(each, each === used)));
}

/** For people: a line for each place, `all` or those of which there is something to say, "*" before the one that is used. */
export function formatEngines({ probed, used }: EngineList, { all }: { readonly all: boolean }): readonly string[] {
  // Of a default place where nothing is, there is nothing to say.
  const told = probed.filter(
    ({ candidate, result }) =>
      all || candidate.isDefault !== true || result.kind === "engine" || result.attempt.problem !== "not-found",
  );
  const lines = told.map((each) => {
    const { candidate, result } = each;
    const state =
      result.kind === "engine" ? `${result.info.kind} ${result.info.version}` : `none: ${result.attempt.detail}`;
    return `${each === used ? "*" : " "} ${candidate.address}  (${candidate.source})  ${state}`;
  });
  const rest = probed.length - told.length;
  const places = rest === 1 ? "1 place" : `${String(rest)} places`;
  return rest === 0 ? lines : [...lines, `  ${places} where engines listen by default: none (--all lists them)`];
}

function factsOf({ candidate, result }: ProbedCandidate, used: boolean): object {
  const { address: endpoint, source, choice } = candidate;
  return result.kind === "engine"
    ? { endpoint, source, ok: true, choice, kind: result.info.kind, version: result.info.version, used }
    : { endpoint, source, ok: false, choice, problem: result.attempt.detail, code: result.attempt.problem };
}
