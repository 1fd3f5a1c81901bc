import { posix } from "node:path";
import { messageOf } from "../../core/errors/ExpectedError";
import { type EngineProblem } from "../../core/errors/engineErrors";
import { describeSocketFailure } from "./describeSocketFailure";
import { TransportError } from "./TransportError";

interface Reason {
  readonly problem: EngineProblem;
  /** For people: a clause without a full stop. */
  readonly detail: string;
}

/** The first byte of a TLS record that is an alert: the answer of a TLS server to one who does not speak TLS. */
const TLS_ALERT = 0x15;

const UNTRUSTED = "its certificate is not signed by an authority that is trusted here; check ca.pem";
const NOT_TLS = "it does not speak TLS there; check the port, and DOCKER_TLS_VERIFY";
const NO_ENGINE = "what answers is not a container engine";
const UNREACHABLE = "the host cannot be reached";

const BY_CODE: Readonly<Record<string, Reason>> = {
  ENOENT: { problem: "not-found", detail: "there is no such socket" },
  EACCES: { problem: "no-permission", detail: "permission denied" },
  EPERM: { problem: "no-permission", detail: "permission denied" },
  ECONNREFUSED: { problem: "no-answer", detail: "nothing listens there; the engine is not running" },
  ENOTFOUND: { problem: "unknown-host", detail: "no host of this name is known" },
  EAI_AGAIN: { problem: "unknown-host", detail: "the host's name could not be looked up" },
  ETIMEDOUT: { problem: "no-answer", detail: UNREACHABLE },
  EHOSTUNREACH: { problem: "no-answer", detail: UNREACHABLE },
  ENETUNREACH: { problem: "no-answer", detail: UNREACHABLE },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { problem: "bad-certificate", detail: UNTRUSTED },
  UNABLE_TO_GET_ISSUER_CERT: { problem: "bad-certificate", detail: UNTRUSTED },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { problem: "bad-certificate", detail: UNTRUSTED },
  SELF_SIGNED_CERT_IN_CHAIN: { problem: "bad-certificate", detail: UNTRUSTED },
  DEPTH_ZERO_SELF_SIGNED_CERT: { problem: "bad-certificate", detail: UNTRUSTED },
  CERT_UNTRUSTED: { problem: "bad-certificate", detail: UNTRUSTED },
  CERT_SIGNATURE_FAILURE: { problem: "bad-certificate", detail: UNTRUSTED },
  CERT_HAS_EXPIRED: { problem: "bad-certificate", detail: "its certificate has expired" },
  CERT_NOT_YET_VALID: { problem: "bad-certificate", detail: "its certificate is not valid yet; check the clocks" },
  CERT_REVOKED: { problem: "bad-certificate", detail: "its certificate was revoked" },
  INVALID_PURPOSE: { problem: "bad-certificate", detail: "its certificate is not one for a server" },
  ERR_TLS_CERT_ALTNAME_INVALID: { problem: "bad-certificate", detail: "its certificate is for another host name" },
  // What Node makes of an answer to the first words of TLS that is none.
  EPROTO: {
    problem: "bad-certificate",
    detail: "it does not speak TLS there, or not as this client does; check the port, and DOCKER_TLS_VERIFY",
  },
  ERR_SSL_WRONG_VERSION_NUMBER: { problem: "bad-certificate", detail: NOT_TLS },
  ERR_SSL_PACKET_LENGTH_TOO_LONG: { problem: "bad-certificate", detail: NOT_TLS },
  ERR_SSL_HTTP_REQUEST: { problem: "bad-certificate", detail: NOT_TLS },
};

/**
 * Why a connection could not be made or ended, of an error of Node's or of a transport. What it is is told by its code;
 * the words of one whose code says nothing are passed on.
 */
export function describeConnectionFailure(error: unknown): Reason {
  if (error instanceof TransportError) {
    return { problem: error.problem, detail: error.detail };
  }
  const { code, rawPacket, address } = error as {
    readonly code?: unknown;
    readonly rawPacket?: Uint8Array;
    /** Of a socket, its path. */
    readonly address?: unknown;
  };
  if (typeof code === "string" && typeof address === "string" && posix.isAbsolute(address)) {
    const reason = describeSocketFailure(code, address);
    if (reason !== undefined) {
      return reason;
    }
  }
  const known = typeof code === "string" && Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
  if (known !== undefined || typeof code !== "string") {
    return known ?? { problem: "no-answer", detail: messageOf(error) };
  }
  // Node's HTTP parser could not read the answer.
  if (code.startsWith("HPE_")) {
    return rawPacket?.[0] === TLS_ALERT
      ? { problem: "bad-certificate", detail: "it speaks TLS there; set DOCKER_TLS_VERIFY=1, or write https://" }
      : { problem: "not-an-engine", detail: NO_ENGINE };
  }
  if (/^ERR_SSL_.*_ALERT_/.test(code)) {
    const alert = code
      .replace(/^.*_ALERT_/, "")
      .toLowerCase()
      .replaceAll("_", " ");
    return {
      problem: "bad-certificate",
      detail: `it refuses the certificate that this client has, or that it has none (${alert}); check cert.pem and key.pem`,
    };
  }
  if (code.startsWith("ERR_SSL_")) {
    return { problem: "bad-certificate", detail: `the two sides could not agree on TLS (${messageOf(error)})` };
  }
  return { problem: "no-answer", detail: messageOf(error) };
}
