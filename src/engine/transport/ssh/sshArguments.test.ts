import assert from "node:assert/strict";
import { forwardArguments, loginArguments } from "./sshArguments";

const host = { kind: "ssh", host: "h", user: undefined, port: undefined, socketPath: undefined } as const;

describe("loginArguments", () => {
  it("asks nothing, checks the host's key as ssh is set up to, and forwards nothing of the user's", () => {
    const args = loginArguments(host, "/t/c");
    for (const option of ["BatchMode=yes", "ClearAllForwardings=yes", "ConnectTimeout=10", "ServerAliveInterval=15"]) {
      assert.equal(args[args.indexOf(option) - 1], "-o", option);
    }
    assert.ok(!args.some((arg) => /StrictHostKeyChecking|UserKnownHosts|Password/.test(arg)));
  });

  it("leaves what is not said to ~/.ssh/config", () => {
    const args = loginArguments(host, "/t/c");
    assert.ok(!["-l", "-p", "-i"].some((option) => args.includes(option)));
    assert.deepEqual(args.slice(-2), ["--", "h"]);
  });

  it("says the user, the port and the key", () => {
    const args = loginArguments({ ...host, user: "ada", port: 22, identityFile: "/k" }, "/t/c").join(" ");
    assert.ok(args.endsWith(" -l ada -p 22 -i /k -o IdentitiesOnly=yes -- h"), args);
  });
});

describe("forwardArguments", () => {
  const forwardOf = (socketPath: string | undefined, local = "/t/s"): string | undefined => {
    const args = forwardArguments({ ...host, socketPath }, { control: "/t/c", local });
    return args[args.indexOf("-L") + 1];
  };

  it("forwards to Docker's default socket unless another one is named", () => {
    assert.equal(forwardOf(undefined), "/t/s:/var/run/docker.sock");
    assert.equal(forwardOf("/run/p.sock"), "/t/s:/run/p.sock");
  });

  it("escapes what means something in a forward", () => {
    assert.equal(forwardOf("/a", "/t m:p\\%d/s"), "/t m\\:p\\\\%%d/s:/a");
  });
});
