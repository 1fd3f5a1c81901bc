import assert from "node:assert/strict";
import { describeSshFailure } from "./describeSshFailure";

const address = { kind: "ssh", host: "h", user: "ada", port: 2222, socketPath: undefined } as const;

describe("describeSshFailure", () => {
  for (const [stderr, problem, detail] of [
    [
      "No ED25519 host key is known for h and you have requested strict checking.\r\nHost key verification failed.\r\n",
      "login-refused",
      /the host key of h is not known; run "ssh -p 2222 ada@h" once in a terminal to accept it$/,
    ],
    [
      "@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n@@@\nHost key verification failed.",
      "login-refused",
      /has changed since it was accepted, which may be an attack/,
    ],
    [
      "Warning: Permanently added 'h' (ED25519) to the list of known hosts.\nada@h: Permission denied (publickey,password).",
      "login-refused",
      /h refuses the login \(ada@h: Permission denied \(publickey,password\)\.\); run "ssh/,
    ],
    [
      "Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures\nDisconnected from 10.0.0.1",
      "login-refused",
      /Too many authentication failures/,
    ],
    ["ssh: Could not resolve hostname h: Name or service not known", "unknown-host", /no host named h is known/],
    ["ssh: connect to host h port 2222: Connection refused", "no-answer", /h cannot be reached with ssh \(.*refused\)/],
    ["ssh: connect to host h port 22: No route to host", "no-answer", /No route to host/],
    ["kex_exchange_identification: Connection closed by remote host", "no-answer", /cannot be reached/],
    [
      "channel 1: open failed: connect failed: open failed",
      "not-found",
      /nothing answers at \/var\/run\/docker\.sock on h/,
    ],
    ["channel 1: open failed: administratively prohibited: open failed", "no-permission", /AllowStreamLocalForwarding/],
    [
      "/home/ada/.ssh/config: line 3: Bad configuration option: hostnam\n/home/ada/.ssh/config: terminating, 1 bad configuration options",
      "no-answer",
      /\(.*Bad configuration option: hostnam \/ .*terminating.*\); run "ssh/,
    ],
    ["", "no-answer", /^the ssh connection to h ended; run/],
  ] as const) {
    it(`says "${problem}" of ${JSON.stringify(stderr.slice(-50))}`, () => {
      const error = describeSshFailure(stderr, address);
      assert.equal(error.problem, problem);
      assert.match(error.detail, detail);
    });
  }
});
