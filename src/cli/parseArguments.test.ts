import assert from "node:assert/strict";
import fc from "fast-check";
import { ExpectedError } from "../core/errors/ExpectedError";
import { parseArguments } from "./parseArguments";

const common = { workspace: ".", engine: undefined, json: false, file: undefined };
const network = { extraCa: [], propagateProxy: false };
const built = { ...common, ...network, build: {} };
const image = { ...built, forceRebuild: false, noCache: false };
const container = { ...image, run: { section: {} }, selinuxRelabel: undefined, allowMount: [], fresh: false };
const how = { keep: false, remove: false, retry: false, interactive: false, pause: false };
const run = { name: "run", ...container, task: undefined, command: undefined, ...how };
const shell = { name: "shell", ...container, task: undefined, command: undefined, container: undefined };

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
    ["run -t test --retry --pause -i", { ...run, task: "test", retry: true, pause: true, interactive: true }],
    ["run --rm --fresh -- ls", { ...run, remove: true, fresh: true, command: ["ls"] }],
    ["run -t a -e A=1 --memory 1g", { ...run, task: "a", run: { section: { env: { A: "1" }, memory: "1g" } } }],
    ["run --allow-mount /data --allow-mount /x", { ...run, allowMount: ["/data", "/x"] }],
    ["shell", shell],
    ["shell -t test", { ...shell, task: "test" }],
    ["shell app-1 -- ls -l", { ...shell, container: "app-1", command: ["ls", "-l"] }],
    ["shell --fresh -u root", { ...shell, fresh: true, run: { section: { user: "root" } } }],
    ["discard", { name: "discard", ...common, task: undefined }],
    ["discard -t test --json", { name: "discard", ...common, json: true, task: "test" }],
    ["logs a", { name: "logs", ...common, container: "a", follow: false, tail: undefined, since: undefined }],
    [
      "logs a -f -n 10 --since 2026-11-27T09:12:00Z",
      { name: "logs", ...common, container: "a", follow: true, tail: 10, since: Date.UTC(2026, 10, 27, 9, 12) },
    ],
    ["stats", { name: "stats", ...common, containers: [], follow: false }],
    ["stats a -f", { name: "stats", ...common, containers: ["a"], follow: true }],
    ["inspect a b", { name: "inspect", ...common, containers: ["a", "b"] }],
    ["start a", { name: "start", ...common, containers: ["a"], graceSeconds: undefined }],
    ["stop a --time 0", { name: "stop", ...common, containers: ["a"], graceSeconds: 0 }],
    ["restart a b --time=30", { name: "restart", ...common, containers: ["a", "b"], graceSeconds: 30 }],
    [
      "cp app:/x/y ./y",
      { name: "cp", ...common, direction: "out", container: "app", containerPath: "/x/y", path: "./y" },
    ],
    ["cp y app:/x/", { name: "cp", ...common, direction: "in", container: "app", containerPath: "/x/", path: "y" }],
    [
      "cp app:/x ./y:z",
      { name: "cp", ...common, direction: "out", container: "app", containerPath: "/x", path: "./y:z" },
    ],
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
    ["gc", { name: "gc", ...built, keep: 2, dryRun: false, all: false }],
    ["gc -a", { name: "gc", ...built, keep: 2, dryRun: false, all: true }],
    [
      "gc --keep 0 --dry-run --target dev",
      { name: "gc", ...built, build: { target: "dev" }, keep: 0, dryRun: true, all: false },
    ],
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
    ["rnu", /^There is no command "rnu"; the commands are: run, shell, discard, build, status, .*, rm, engines\./],
    ["--json run", /^There is no command "--json"/],
    ["-- ls", /^There is no command "--"/],
    ["RUN", /^There is no command "RUN"/],
    ["constructor", /^There is no command/],
    ["run test", /^"test" is not expected\. Write --task NAME, or put "--" before a command\./],
    ["run --", /^A command must follow "--"\./],
    ["run --task test -- ls", /^Give either --task or a command/],
    ["run --retry -- ls", /^--retry goes on with a task/],
    ["run --keep --rm", /^Give either --keep or --rm/],
    ["run --retry --fresh", /^Give either --retry or --fresh/],
    ["run -i --json", /^Give either --interactive or --json/],
    ["run --timeout 0", /^--timeout "0"/],
    ["run --timeout soon", /^--timeout "soon": /],
    ["run --cpus many", /^--cpus wants a number, not "many"/],
    ["run --cpus 0", /^--cpus/],
    ["run --memory 1", /^--memory "1": /],
    ["run --user a:b:c", /^--user "a:b:c": must be/],
    ["run --publish 1-2", /^--publish "1-2": /],
    ["run -v /data", /^--mount "\/data": /],
    ["run --gpus 2", /^--gpus "2": /],
    ["run --workdir app", /^--workdir "app": must be an absolute path/],
    ["run --run-workspace all", /^--run-workspace "all": /],
    ["run --run-add-host x", /^--run-add-host wants NAME:ADDRESS/],
    ["run -e 1=2", /^--env: the name "1"/],
    ["shell a b", /^"slipway shell" takes one container/],
    ["shell a --fresh", /^Name a container, or give/],
    ["shell --", /^A command must follow/],
    ["shell --retry", /--retry/],
    ["discard x", /^"x" is not expected/],
    ["logs", /^"slipway logs" wants one container/],
    ["logs a b", /^"slipway logs" wants one container/],
    ["logs a --tail some", /^--tail wants the number of lines/],
    ["logs a --since once", /^--since "once": /],
    ["inspect", /^"slipway inspect" wants the names/],
    ["stop", /^"slipway stop" wants the names/],
    ["stop a --time 1m", /^--time wants the number of seconds/],
    ["cp a b", /^"slipway cp" wants/],
    ["cp aa:b cc:d", /^"slipway cp" wants/],
    ["cp aa:/b", /^"slipway cp" wants/],
    ["cp aa: b", /^"slipway cp" wants/],
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
        "a:/b",
        "-e",
        "-p",
        "--cpus",
        "--mount",
        "-v",
        "",
      ),
      fc.string(),
    );
    const line = fc
      .tuple(
        fc.constantFrom("run", "shell", "cp", "logs", "stop", "build", "fingerprint", "ps", "rm", "engines"),
        fc.array(word),
      )
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
