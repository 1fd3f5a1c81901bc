import assert from "node:assert/strict";
import fc from "fast-check";
import { ExpectedError } from "../core/errors/ExpectedError";
import { parseArguments } from "./parseArguments";

const common = { workspace: ".", engine: undefined, json: false, file: undefined };
const network = { extraCa: [], propagateProxy: false };
const built = { ...common, ...network, build: {} };
const image = { ...built, forceRebuild: false, noCache: false };
const run = { name: "run", ...image, task: undefined, command: undefined, keep: false, selinuxRelabel: undefined };

const refuses = (args: readonly string[], message: RegExp): void => {
  assert.throws(
    () => parseArguments(args),
    (error) => {
      assert.ok(error instanceof ExpectedError && error.code === "usage", String(error));
      assert.match(error.message, message);
      assert.match(error.message, /See "slipway --help"\.$/);
      return true;
    },
    args.join(" "),
  );
};

describe("parseArguments", () => {
  for (const [line, expected] of [
    ["", { name: "help" }],
    ["help", { name: "help" }],
    ["--help", { name: "help" }],
    ["-h", { name: "help" }],
    ["run --help", { name: "help" }],
    ["rm -h", { name: "help" }],
    ["--version", { name: "version" }],
    ["version", { name: "version" }],
    ["run", run],
    ["run --task test", { ...run, task: "test" }],
    ["run -t test --keep", { ...run, task: "test", keep: true }],
    ["run --selinux-relabel shared", { ...run, selinuxRelabel: "shared" }],
    ["run --task=a=b", { ...run, task: "a=b" }],
    ["run -- npm test", { ...run, command: ["npm", "test"] }],
    ["run --json -- ls --json --help -- x", { ...run, json: true, command: ["ls", "--json", "--help", "--", "x"] }],
    ["run --force-rebuild --no-cache", { ...run, forceRebuild: true, noCache: true }],
    ["run -w a -w b", { ...run, workspace: "b" }],
    ["build", { name: "build", ...image }],
    [
      "build -w /srv/app -f dev.dockerfile --engine unix:///s",
      { name: "build", ...image, workspace: "/srv/app", file: "dev.dockerfile", engine: "unix:///s" },
    ],
    ["build --workspace=/srv/app --no-cache", { name: "build", ...image, workspace: "/srv/app", noCache: true }],
    ["images", { name: "images", ...built }],
    ["status", { name: "status", ...built, explain: false }],
    ["status --explain --json", { name: "status", ...built, json: true, explain: true }],
    ["gc", { name: "gc", ...built, keep: 2, dryRun: false }],
    ["gc --keep 0 --dry-run --target dev", { name: "gc", ...built, build: { target: "dev" }, keep: 0, dryRun: true }],
    ["fingerprint --json", { name: "fingerprint", ...built, json: true }],
    [
      "fingerprint --target dev --build-arg A=1=2",
      { name: "fingerprint", ...built, build: { target: "dev", args: { A: "1=2" } } },
    ],
    ["run -t test --tag app:dev --pull always", { ...run, task: "test", build: { tag: "app:dev", pull: "always" } }],
    [
      "build --extra-ca a.pem --propagate-proxy --extra-ca=b.pem",
      { name: "build", ...image, extraCa: ["a.pem", "b.pem"], propagateProxy: true },
    ],
    ["ps", { name: "ps", ...common }],
    ["engines --json", { name: "engines", ...common, json: true, all: false }],
    ["engines --all", { name: "engines", ...common, all: true }],
    ["rm a b", { name: "rm", ...common, containers: ["a", "b"], all: false }],
    ["rm --all", { name: "rm", ...common, containers: [], all: true }],
    ["rm -a --json", { name: "rm", ...common, json: true, containers: [], all: true }],
  ] as const) {
    it(`reads "slipway ${line}"`, () => {
      assert.deepEqual(parseArguments(line === "" ? [] : line.split(" ")), expected);
    });
  }

  it("keeps the words of a command as they are, empty ones included", () => {
    assert.deepEqual(parseArguments(["run", "--", "sh", "-c", "echo 'a b'", ""]), {
      ...run,
      command: ["sh", "-c", "echo 'a b'", ""],
    });
  });

  for (const [line, message] of [
    [
      "rnu",
      /^There is no command "rnu"; the commands are: run, build, status, fingerprint, images, gc, ps, rm, engines\./,
    ],
    ["--json run", /^There is no command "--json"/],
    ["-- ls", /^There is no command "--"/],
    ["RUN", /^There is no command "RUN"/],
    ["constructor", /^There is no command/],
    ["run test", /^"test" is not expected\. Write --task NAME, or put "--" before a command\./],
    ["run --", /^A command must follow "--"\./],
    ["run --task test -- ls", /^Give either --task or a command/],
    ["run --taks test", /--taks/],
    ["run --task", /--task/],
    ["run --keep=yes", /--keep/],
    ["build --extra-ca=", /^--extra-ca wants/],
    ["run --selinux-relabel maybe", /^--selinux-relabel is "shared" or "private", not "maybe"/],
    ["run --all", /--all/],
    ["build x y", /^"x y" is not expected\. See/],
    ["build -- ls", /^"slipway build" takes no command after "--"/],
    ["build --", /^"slipway build" takes no command after "--"/],
    ["build --task test", /--task/],
    ["ps --no-cache", /--no-cache/],
    ["images --keep 1", /--keep/],
    ["build --explain", /--explain/],
    ["status --no-cache", /--no-cache/],
    ["gc --keep", /--keep/],
    ["gc --keep=-1", /^--keep wants the number of images to keep, 0 or more, not "-1"/],
    ["gc --keep all", /not "all"/],
    ["gc now", /"now" is not expected/],
    ["ps --tag x", /--tag/],
    ["fingerprint --no-cache", /--no-cache/],
    ["build --pull newer", /^--pull "newer": must be "missing", "always" or "never"\./],
    ["ps --keep", /--keep/],
    ["fingerprint -t x", /-t/],
    ["rm", /^Name the containers to remove, or give --all/],
    ["rm --all x", /^Name the containers to remove, or give --all/],
    ["rm -- x", /^"slipway rm" takes no command after "--"/],
  ] as const) {
    it(`refuses "slipway ${line}" and says why`, () => {
      refuses(line.split(" "), message);
    });
  }

  it("gives advice that fits: none about how Node would take an option for a file", () => {
    refuses(["run", "--taks"], /^[^\n]*--taks[^\n]*$/);
    assert.throws(
      () => parseArguments(["run", "--taks"]),
      (error) => error instanceof Error && !error.message.includes("positional"),
    );
  });

  it("either reads a line or says how it is used, whatever is in it", () => {
    const word = fc.oneof(
      fc.constantFrom(
        "run",
        "build",
        "rm",
        "ps",
        "--",
        "-t",
        "--task",
        "-w",
        "--all",
        "-a",
        "--json",
        "--keep=x",
        "-",
        "--=",
        "-hw",
        "--no-cache",
        "",
      ),
      fc.string(),
    );
    const line = fc
      .tuple(fc.constantFrom("run", "build", "fingerprint", "ps", "rm", "engines"), fc.array(word))
      .map(([name, rest]) => [name, ...rest]);
    fc.assert(
      fc.property(fc.oneof(line, fc.array(word)), (args) => {
        try {
          assert.equal(typeof parseArguments(args).name, "string");
        } catch (error) {
          assert.ok(error instanceof ExpectedError && error.code === "usage", String(error));
        }
      }),
    );
  });

  it("hands the command after -- over as it is, whatever is in it", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (command) => {
        assert.deepEqual(parseArguments(["run", "--", ...command]), { ...run, command });
      }),
    );
  });
});
