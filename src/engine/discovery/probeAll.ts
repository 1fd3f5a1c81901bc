import type { EndpointCandidate } from "./EndpointCandidate";
import { probeEndpoint, type ProbeResult } from "./probeEndpoint";

export interface ProbedCandidate {
  readonly candidate: EndpointCandidate;
  readonly result: ProbeResult;
}

/**
 * Asks all places at the same time, and gives what came of each in the order of the places, as soon as that is known.
 * Whoever leaves the loop early asks the rest no more. Rejects only when aborted.
 */
export async function* probeAll(
  candidates: readonly EndpointCandidate[],
  signal?: AbortSignal,
): AsyncGenerator<ProbedCandidate> {
  const leaving = new AbortController();
  const either = signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal]);
  const probes = candidates.map(async (candidate) => ({ candidate, result: await probeEndpoint(candidate, either) }));
  // One that fails while another is awaited must find a listener.
  const settled = Promise.allSettled(probes);
  try {
    for (const probe of probes) {
      yield await probe;
    }
  } finally {
    leaving.abort();
    await settled;
  }
}
