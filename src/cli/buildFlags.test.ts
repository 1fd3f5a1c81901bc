import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { BUILD_FLAGS, namesOf, parseBuildFlags, type BuildFlags } from "./buildFlags";
import { UsageError } from "./UsageError";

const env = { FROM_ENV: "of the environment", EMPTY: "", UNSET: undefined };

function parse(...args: readonly string[]): BuildFlags {
  return parseBuildFlags(parseArgs({ args: [...args], options: BUILD_FLAGS }).values, env);
}

function refuses(args: readonly string[], message: RegExp): void {
  assert.throws(
    () => parse(...args),
    (error) => {
      assert.ok(error instanceof UsageError, String(error));
      assert.match(error.message, message);
      assert.match(error.message, /\. See "slipway --help"\.$/);
      return true;
    },
    args.join(" "),
  );
}

describe("parseBuildFlags", () => {
  it("has nothing where nothing is said", () => {
    assert.deepEqual(parse(), {});
  });

  it("takes all of them", () => {
    const line =
      "--target dev --platform linux/arm64 --tag app:dev --pull never --network host --ssh default --ssh git=~/a,b " +
      "--cache-from a/b:c --cache-from type=registry,ref=d --cache-to type=inline --secret id=npm,env=TOKEN --label a=b=c";
    assert.deepEqual(parse(...line.split(" ")), {
      target: "dev",
      platform: "linux/arm64",
      tag: "app:dev",
      pull: "never",
      network: "host",
      ssh: ["default", "git=~/a,b"],
      cacheFrom: ["a/b:c", "type=registry,ref=d"],
      cacheTo: ["type=inline"],
      secrets: [{ id: "npm", env: "TOKEN" }],
      labels: { a: "b=c" },
    });
  });

  it("takes arguments with their values, or from the environment, or not at all, as docker does", () => {
    const names = ["A=1", "B=", "C=x=y z", "FROM_ENV", "EMPTY", "UNSET", "NOT_THERE", "toString", "A=2"];
    assert.deepEqual(parse(...names.flatMap((name) => ["--build-arg", name])), {
      args: { A: "2", B: "", C: "x=y z", FROM_ENV: "of the environment", EMPTY: "" },
    });
  });

  it("takes labels with and without a value", () => {
    assert.deepEqual(parse("--label", "a.b/c=d e", "--label", "x"), { labels: { "a.b/c": "d e", x: "" } });
  });

  it("takes hosts in all forms that docker takes", () => {
    const hosts = ["a:10.0.0.1", "b=10.0.0.2", "c:::1", "d=[::1]", "e:[fe80::1]", "f:host-gateway"];
    assert.deepEqual(parse(...hosts.flatMap((host) => ["--add-host", host])), {
      extraHosts: { a: "10.0.0.1", b: "10.0.0.2", c: "::1", d: "::1", e: "fe80::1", f: "host-gateway" },
    });
  });

  for (const [line, message] of [
    ["--target=", /^--target "": must not be empty\./],
    ["--platform x86", /^--platform "x86": must look like "linux\/amd64"\./],
    ["--tag App", /^--tag "App": is not a name for an image\. Write it in lower case/],
    ["--tag localhost/slipway/app-0123456789ab:x", /^--tag "localhost\/slipway.*is one of the names that Slipway/],
    ["--tag a --tag b", /^--tag can be given once\./],
    ["--pull newer", /^--pull "newer": must be "missing", "always" or "never"\./],
    ["--build-arg 1A=x", /^--build-arg: the name "1A" must be letters/],
    ["--build-arg =x", /^--build-arg: the name "" must be letters/],
    ["--build-arg=", /^--build-arg: the name "" must be letters/],
    ["--build-arg __proto__=x", /^"__proto__" cannot be a name\./],
    ["--label =x", /^--label: the name "" must not be empty/],
    ["--label dev.slipway.kind=task", /^--label: the name "dev\.slipway\.kind" must not begin with dev\.slipway/],
    ["--secret id=a/b,env=X", /^--secret: must be letters, digits, dots, hyphens and underscores\./],
    ["--secret id=slipway-ca,env=X", /^--secret: is Slipway's own ID/],
    ["--secret id=a,env=X --secret id=a,src=x", /^--secret: the ID "a" is there twice\./],
    ["--secret id=a,env=TOKEN=canary", /^--secret: must be the name of an environment variable\. See/],
    ["--secret a", /^--secret wants id=ID,src=FILE/],
    ["--ssh git=", /^--ssh "git=": must be "default", or an ID/],
    ["--ssh default --ssh default=a", /^--ssh "default=a": the ID "default" is there twice\./],
    ["--network a:b", /^--network "a:b": must be "default", "none", "host" or the name of a network\./],
    ["--add-host a", /^--add-host wants NAME:ADDRESS, not "a"\./],
    ["--add-host a:localhost", /^--add-host "localhost": must be an IP address/],
    ["--add-host :10.0.0.1", /^--add-host: the name "" must be the name of a host/],
    ["--cache-from type=local,src=x", /^--cache-from "type=local,src=x": is not the name of an image/],
    ["--cache-to type=local,dest=x", /^--cache-to "type=local,dest=x": must be "inline"/],
  ] as const) {
    it(`refuses ${line} and says why`, () => {
      refuses(line.split(" "), message);
    });
  }

  it("tells of every mistake", () => {
    refuses(["--pull", "x", "--tag", "X"], /^(?=.*--pull "x":)(?=.*--tag "X":)/);
  });

  it("either takes what is written or says how it is used, whatever it is", () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom("a", "=", ",", ":", '"', "[", "1", ".", "id=") }),
    );
    const flags = fc.record(
      Object.fromEntries(
        Object.entries(BUILD_FLAGS).map(([name, flag]) => [name, "multiple" in flag ? fc.array(text) : text]),
      ),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(flags, (values) => {
        try {
          parseBuildFlags(values, env);
        } catch (error) {
          assert.ok(error instanceof UsageError, String(error));
        }
      }),
    );
  });
});

describe("namesOf", () => {
  it("has the options as they are written", () => {
    const flags = parse("--build-arg", "A=1", "--add-host", "a:::1", "--tag", "x");
    assert.deepEqual(namesOf(flags), ["--build-arg", "--tag", "--add-host"]);
  });
});
