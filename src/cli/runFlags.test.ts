import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { parseRunFlags, RUN_FLAGS, type RunFlags } from "./runFlags";
import { UsageError } from "./UsageError";

const parse = (args: readonly string[], env: Readonly<Record<string, string>> = {}): RunFlags =>
  parseRunFlags(parseArgs({ args: [...args], options: RUN_FLAGS }).values, env);

describe("parseRunFlags", () => {
  it("has nothing where nothing is said", () => {
    assert.deepEqual(parse([]), { section: {} });
  });

  it("takes all of them", () => {
    const line =
      "-e A=1 -e B=x=y --env-file a --env-file b -p 80 -p 8080:80 -v ./a:/a --mount type=tmpfs,target=/t -u host -m 1g " +
      "--cpus 1.5 --pids-limit 10 --gpus all --init --privileged --cap-add NET_ADMIN --cap-drop ALL --security-opt " +
      "no-new-privileges --read-only --run-workspace copy --run-network none --run-add-host a:10.0.0.1 --run-label l=1 " +
      "--keep-warm 5m --workdir /srv --timeout 90s";
    assert.deepEqual(parse(line.split(" ")), {
      section: {
        env: { A: "1", B: "x=y" },
        envFile: ["a", "b"],
        ports: ["80", "8080:80"],
        mounts: ["./a:/a", "type=tmpfs,target=/t"],
        ...{ user: "host", memory: "1g", cpus: 1.5, pids: 10, gpus: "required", init: true, privileged: true },
        ...{ capAdd: ["NET_ADMIN"], capDrop: ["ALL"], securityOpt: ["no-new-privileges"], readOnlyRoot: true },
        ...{ workspace: "copy", network: "none", extraHosts: { a: "10.0.0.1" }, labels: { l: "1" }, keepWarm: "5m" },
      },
      workingDirectory: "/srv",
      timeoutMs: 90_000,
    });
  });

  it("takes the values of variables from the environment, or leaves them out, as docker does", () => {
    assert.deepEqual(parse(["-e", "A", "-e", "B", "-e", "C="], { A: "1" }).section.env, { A: "1", C: "" });
  });

  it("does not show the value of a variable, which may be secret", () => {
    assert.throws(
      () => parse(["-e", "1A=hunter2"]),
      (error) =>
        error instanceof UsageError && /--env: the name "1A"/.test(error.message) && !/hunter2/.test(error.message),
    );
  });

  it("either takes what is written or says how it is used, whatever it is", () => {
    const option = fc.constantFrom(
      ...Object.entries(RUN_FLAGS).flatMap(([name, { type }]) => (type === "string" ? [name] : [])),
    );
    const value = fc.oneof(fc.string(), fc.constantFrom("__proto__=1", "a:b", "a=b", "1", "10m", "/x:/y"));
    fc.assert(
      fc.property(fc.array(fc.tuple(option, value)), (pairs) => {
        try {
          assert.equal(typeof parse(pairs.map(([name, text]) => `--${name}=${text}`)).section, "object");
        } catch (error) {
          assert.ok(error instanceof UsageError, String(error));
          assert.match(error.message, /See "slipway --help"\.$/);
        }
      }),
    );
  });
});
