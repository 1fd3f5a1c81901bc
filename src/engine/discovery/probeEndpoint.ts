import {
  EngineLostError,
  EngineRequestError,
  EngineTimeoutError,
  messageOf,
  type EngineAttempt,
} from "../../core/errors";
import type { EngineEndpoint } from "../../core/ports/EngineEndpoint";
import type { EngineInfo } from "../../core/ports/EngineInfo";
import { EngineConnection } from "../EngineConnection";
import { parseEngineInfo } from "../shapes/engineInfo";
import type { EndpointCandidate } from "./listCandidates";
import { parseEngineAddress } from "./parseEngineAddress";

export type ProbeResult =
  | { readonly kind: "engine"; readonly endpoint: EngineEndpoint; readonly info: EngineInfo }
  | { readonly kind: "failed"; readonly attempt: EngineAttempt };

/** An engine on this machine answers in milliseconds; one that does not within this is hung. */
const PROBE_DEADLINE_MS = 5_000;

/** Asks whether an engine listens at an address. Rejects only when aborted. */
export async function probeEndpoint(candidate: EndpointCandidate, signal?: AbortSignal): Promise<ProbeResult> {
  const address = parseEngineAddress(candidate.address);
  if ("problem" in address) {
    return { kind: "failed", attempt: { ...candidate, problem: "bad-address", detail: address.problem } };
  }
  const connection = new EngineConnection(address);
  try {
    const answer = await connection.text({
      method: "GET",
      path: "/version",
      during: "asking for the version",
      answerWithinMs: PROBE_DEADLINE_MS,
      signal,
    });
    return {
      kind: "engine",
      endpoint: { address, source: candidate.source },
      info: parseEngineInfo(JSON.parse(answer)),
    };
  } catch (error) {
    signal?.throwIfAborted();
    return { kind: "failed", attempt: { ...candidate, ...reasonOf(error) } };
  }
}

function reasonOf(error: unknown): Pick<EngineAttempt, "problem" | "detail"> {
  if (error instanceof EngineTimeoutError) {
    return { problem: "no-answer", detail: `no answer within ${String(error.deadlineMs / 1000)} s` };
  }
  if (!(error instanceof EngineLostError)) {
    const detail = error instanceof EngineRequestError ? error.detail : "what answers is not a container engine";
    return { problem: "not-an-engine", detail };
  }
  const { code } = error.cause as NodeJS.ErrnoException;
  // Node's HTTP parser could not read the answer.
  if (code?.startsWith("HPE_") === true) {
    return { problem: "not-an-engine", detail: "what answers is not a container engine" };
  }
  switch (code) {
    case "ENOENT":
      return { problem: "not-found", detail: "there is no such socket" };
    case "EACCES":
    case "EPERM":
      return { problem: "no-permission", detail: "permission denied" };
    case "ECONNREFUSED":
      return { problem: "no-answer", detail: "nothing listens there; the engine is not running" };
    default:
      return { problem: "no-answer", detail: messageOf(error.cause) };
  }
}
