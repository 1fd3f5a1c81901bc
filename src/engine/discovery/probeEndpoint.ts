import {
  EngineLostError,
  EngineRequestError,
  EngineTimeoutError,
  type EngineAttempt,
} from "../../core/errors/engineErrors";
import type { EngineAddress, EngineEndpoint } from "../../core/ports/EngineEndpoint";
import type { EngineInfo } from "../../core/ports/EngineInfo";
import { EngineConnection } from "../EngineConnection";
import { parseEngineInfo } from "../shapes/engineInfo";
import { describeConnectionFailure } from "../transport/describeConnectionFailure";
import type { EndpointCandidate } from "./EndpointCandidate";
import { isTooOld, MINIMUM_API } from "./isTooOld";

export type ProbeResult =
  | { readonly kind: "engine"; readonly endpoint: EngineEndpoint; readonly info: EngineInfo }
  | { readonly kind: "failed"; readonly attempt: EngineAttempt };

/** An engine on this machine answers in milliseconds; one that does not within this is hung. */
const PROBE_DEADLINE_MS = 5_000;
/** ssh has to log in first. Longer than its transport takes to give up, which says more. */
const SSH_DEADLINE_MS = 20_000;

/** Asks whether an engine listens at a place, and leaves nothing open. Rejects only when aborted. */
export async function probeEndpoint(candidate: EndpointCandidate, signal?: AbortSignal): Promise<ProbeResult> {
  const { address, source, target, isDefault = false } = candidate;
  const failed = ({ problem, detail }: Pick<EngineAttempt, "problem" | "detail">): ProbeResult => ({
    kind: "failed",
    attempt: { address, source, problem, detail, ...(isDefault ? { isDefault } : {}) },
  });
  signal?.throwIfAborted();
  if (target.kind === "unusable") {
    return failed(target);
  }
  try {
    const info = await askVersion(target.address, signal);
    return isTooOld(info.apiVersion)
      ? failed({
          problem: "too-old",
          detail: `${info.kind} ${info.version} is too old: it speaks version ${info.apiVersion} of the API, Slipway needs ${MINIMUM_API}`,
        })
      : { kind: "engine", endpoint: { address: target.address, source }, info };
  } catch (error) {
    signal?.throwIfAborted();
    return failed(reasonOf(error));
  }
}

async function askVersion(address: EngineAddress, signal: AbortSignal | undefined): Promise<EngineInfo> {
  const connection = new EngineConnection(address);
  try {
    const answer = await connection.text({
      method: "GET",
      path: "/version",
      during: "asking for the version",
      answerWithinMs: address.kind === "ssh" ? SSH_DEADLINE_MS : PROBE_DEADLINE_MS,
      signal,
    });
    return parseEngineInfo(JSON.parse(answer));
  } finally {
    await connection.close();
  }
}

function reasonOf(error: unknown): Pick<EngineAttempt, "problem" | "detail"> {
  if (error instanceof EngineTimeoutError) {
    return { problem: "no-answer", detail: `no answer within ${String(error.deadlineMs / 1000)} s` };
  }
  if (error instanceof EngineLostError) {
    return describeConnectionFailure(error.cause);
  }
  const detail = error instanceof EngineRequestError ? error.detail.trim() : "what answers is not a container engine";
  return { problem: "not-an-engine", detail };
}
