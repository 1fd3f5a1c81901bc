import assert from "node:assert/strict";
import { describeConnectionFailure } from "./describeConnectionFailure";
import { TransportError } from "./TransportError";

const failure = (code: string, more: object = {}): Error =>
  Object.assign(new Error(`words of ${code}`), { code, ...more });

describe("describeConnectionFailure", () => {
  for (const [error, problem, detail] of [
    [failure("ENOENT"), "not-found", /no such socket/],
    [failure("EACCES"), "no-permission", /permission denied/],
    [failure("ECONNREFUSED"), "no-answer", /nothing listens/],
    [Object.assign(new AggregateError([]), { code: "ECONNREFUSED" }), "no-answer", /nothing listens/],
    [failure("ENOTFOUND"), "unknown-host", /no host of this name/],
    [failure("EHOSTUNREACH"), "no-answer", /cannot be reached/],
    [failure("CERT_HAS_EXPIRED"), "bad-certificate", /has expired/],
    [failure("ERR_TLS_CERT_ALTNAME_INVALID"), "bad-certificate", /another host name/],
    [failure("SELF_SIGNED_CERT_IN_CHAIN"), "bad-certificate", /not signed by an authority/],
    [failure("ERR_SSL_TLSV1_ALERT_UNKNOWN_CA"), "bad-certificate", /\(unknown ca\)/],
    [failure("ERR_SSL_WRONG_VERSION_NUMBER"), "bad-certificate", /does not speak TLS/],
    [failure("EPROTO"), "bad-certificate", /does not speak TLS/],
    [failure("ERR_SSL_NO_SHARED_CIPHER"), "bad-certificate", /could not agree on TLS \(words of/],
    [failure("HPE_INVALID_CONSTANT", { rawPacket: Buffer.from([0x15, 3, 1]) }), "bad-certificate", /speaks TLS there/],
    [failure("HPE_INVALID_CONSTANT", { rawPacket: Buffer.from("SSH") }), "not-an-engine", /not a container engine/],
    [failure("toString"), "no-answer", /words of toString/],
    [new Error("socket hang up"), "no-answer", /socket hang up/],
    [new TransportError("login-refused", "no"), "login-refused", /^no$/],
  ] as const) {
    const { code } = error as { readonly code?: string };
    it(`says "${problem}" of ${code ?? error.message}`, () => {
      const reason = describeConnectionFailure(error);
      assert.equal(reason.problem, problem);
      assert.match(reason.detail, detail);
    });
  }
});
