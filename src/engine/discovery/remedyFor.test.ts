import assert from "node:assert/strict";
import { EngineUnavailableError, type EngineAttempt, type EngineProblem } from "../../core/errors/engineErrors";
import { fakeEnvironment as machine } from "./fakeEnvironment";
import { remedyFor } from "./remedyFor";

const byDefault = (problem: EngineProblem, address = "unix:///run/d.sock"): EngineAttempt => ({
  ...{ address, source: "Docker's default socket", problem, detail: "there is no such socket", isDefault: true },
});
const named = (problem: EngineProblem, detail = "it says so", address = "ssh://h"): EngineAttempt => ({
  ...{ address, source: "DOCKER_HOST", problem, detail },
});
const env = { PATH: "/usr/bin" };
const withPrograms = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [`/usr/bin/${name}`, ""]));

describe("remedyFor", () => {
  for (const [what, attempts, environment, action, advice] of [
    ["nothing at all", [byDefault("not-found")], machine({ env }), "install", /Install Docker or Podman/],
    [
      "nothing, though docker is installed",
      [byDefault("not-found")],
      machine({ env }, withPrograms("docker")),
      "start",
      /answers\. Start Docker, or/,
    ],
    [
      "nothing, though podman is installed",
      [byDefault("not-found")],
      machine({ env }, withPrograms("podman")),
      "start",
      /systemctl --user enable --now podman\.socket/,
    ],
    [
      "nothing, though podman is installed on a Mac",
      [byDefault("not-found")],
      machine({ env, platform: "darwin" }, withPrograms("podman")),
      "start",
      /podman machine start/,
    ],
    [
      "a default socket where nothing listens",
      [byDefault("not-found"), byDefault("no-answer")],
      machine({ env }),
      "start",
      /Start Docker or Podman/,
    ],
    [
      "a chosen engine that is not there",
      [named("not-found")],
      machine({ env }),
      "start",
      /^No container engine answers/,
    ],
    ["a chosen engine that does not answer", [named("no-answer")], machine({ env }), "start", /Start Docker or Podman/],
    [
      "a socket that is closed to this user",
      [byDefault("no-answer"), byDefault("no-permission", "unix:///var/run/docker.sock")],
      machine(),
      "permission",
      /unix:\/\/\/var\/run\/docker\.sock may not be used: .*usermod/,
    ],
    [
      "root's Podman, which is closed to its users, and no other one",
      [byDefault("not-found"), byDefault("no-permission", "unix:///run/podman/podman.sock")],
      machine({ env }, withPrograms("podman")),
      "start",
      /systemctl --user enable --now podman\.socket/,
    ],
    [
      "root's Podman where no program is found",
      [byDefault("not-found"), byDefault("no-permission", "unix:///run/podman/podman.sock")],
      machine({ env }),
      "start",
      /Start Docker or Podman/,
    ],
    [
      "a chosen socket of Docker's that is closed to this user",
      [named("no-permission", "permission denied", "unix:///mnt/docker.sock")],
      machine(),
      "permission",
      /may not be used: permission denied\. Add your user to Docker's group/,
    ],
    [
      "a chosen socket of rootless Docker's of another user",
      [named("no-permission", "permission denied", "unix:///run/user/7/docker.sock")],
      machine(),
      "permission",
      /denied\. Have the owner/,
    ],
    [
      "a chosen socket that is closed to this user",
      [named("no-permission", "permission denied", "unix:///run/podman/podman.sock")],
      machine(),
      "permission",
      /denied\. Have the owner of the socket let you use it, or say which engine/,
    ],
    [
      "an ssh server that forwards nothing",
      [named("no-permission", "the ssh server of h does not let sockets be forwarded")],
      machine(),
      "permission",
      /ssh:\/\/h may not be used: the ssh server of h does not let sockets be forwarded\. Have it allowed over there/,
    ],
    [
      "a login that is refused",
      [named("login-refused", "run ssh once")],
      machine(),
      "login",
      /ssh:\/\/h fails: run ssh once\./,
    ],
    ["a certificate", [named("bad-certificate")], machine(), "certificate", /TLS with ssh:\/\/h fails: it says so/],
    ["an old engine", [byDefault("too-old")], machine(), "upgrade", /^Upgrade/],
    ["an address that is none", [named("bad-address")], machine(), "choose", /Mend that, or say which/],
    ["a context that is not there", [named("unknown-context")], machine(), "choose", /Mend that/],
    ["a host that is not there", [named("unknown-host")], machine(), "choose", /Mend that/],
    ["an ssh that is not there", [named("no-program")], machine(), "choose", /Mend that/],
  ] as const) {
    it(`says "${action}" of ${what}`, () => {
      const remedy = remedyFor(attempts, environment);
      assert.equal(
        /usermod/.test(remedy.advice),
        /docker\.sock may not/.test(remedy.advice) && !/user\/7/.test(remedy.advice),
      );
      assert.equal(remedy.action, action);
      assert.match(remedy.advice, advice);
    });
  }
});

describe("EngineUnavailableError", () => {
  const remedy = { action: "start", advice: "Start it." } as const;

  it("begins with what to do and names every attempt but for default places where nothing is", () => {
    const attempts = [named("no-answer"), byDefault("not-found"), byDefault("no-answer"), byDefault("not-found", "x")];
    const error = new EngineUnavailableError(attempts, remedy);
    assert.equal(error.action, "start");
    assert.deepEqual(error.attempts, attempts);
    assert.deepEqual(error.message.split("\n"), [
      "Start it. Tried:",
      "  ssh://h (DOCKER_HOST): it says so",
      "  unix:///run/d.sock (Docker's default socket): there is no such socket",
      "  2 places where engines listen by default: no engine",
    ]);
  });

  it("says how many places where nothing was found at all", () => {
    assert.match(
      new EngineUnavailableError([byDefault("not-found")], remedy).message,
      /Tried:\n {2}1 place where engines/,
    );
  });
});
