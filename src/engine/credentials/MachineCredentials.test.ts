import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { MachineCredentials } from "./MachineCredentials";
import type { RegistryLogin, RegistryRepository } from "./RegistryCredentials";

const SECRET = "c4nary-in-a-cage";
const entry = (username: string, password = SECRET): { readonly auth: string } => ({
  auth: Buffer.from(`${username}:${password}`).toString("base64"),
});
const named = (username: string, password = SECRET): RegistryLogin => ({ kind: "password", username, password });

describe("MachineCredentials", () => {
  let home: string;
  let env: Record<string, string | undefined>;
  let warnings: string[];

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "slipway-logins-"));
    env = { PATH: `${join(home, "bin")}:/usr/bin:/bin`, XDG_RUNTIME_DIR: join(home, "run") };
    warnings = [];
  });
  afterEach(async () => {
    assert.ok(!warnings.join("\n").includes(SECRET), "no secret in a warning");
    await rm(home, { recursive: true });
  });

  const put = async (path: string, content: unknown): Promise<void> => {
    const file = join(home, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  };
  const helper = async (name: string, script: string): Promise<void> => {
    await put(`bin/docker-credential-${name}`, `#!/bin/sh\n${script}\n`);
    await chmod(join(home, "bin", `docker-credential-${name}`), 0o755);
  };
  const find = async (
    registry: string,
    options: { readonly kind?: "docker" | "podman"; readonly repository?: string; readonly signal?: AbortSignal } = {},
  ): Promise<RegistryLogin | undefined> => {
    const { kind = "docker", repository, signal } = options;
    const target: RegistryRepository = { registry, repository };
    const machine = { platform: "linux", env, homeFolder: home, userId: 1000 } as const;
    return new MachineCredentials(machine, kind).find(target, { signal, onWarning: (text) => warnings.push(text) });
  };

  it("knows nobody where there are no files, and that is no reason to warn", async () => {
    assert.equal(await find("quay.io"), undefined);
    assert.deepEqual(warnings, []);
  });

  it("finds the login of exactly this registry in Docker's file", async () => {
    await put(".docker/config.json", {
      auths: { "https://index.docker.io/v1/": entry("hub"), "quay.io": entry("quay") },
    });
    assert.deepEqual(await find("docker.io"), named("hub"));
    assert.deepEqual(await find("quay.io", { repository: "team/app" }), named("quay"));
    assert.equal(await find("quay.io:443"), undefined);
    assert.equal(await find("quay.io.evil.org"), undefined);
  });

  it("looks where DOCKER_CONFIG says, and not at home then", async () => {
    await put(".docker/config.json", { auths: { "quay.io": entry("home") } });
    env["DOCKER_CONFIG"] = join(home, "other");
    assert.equal(await find("quay.io"), undefined);
    await put("other/config.json", { auths: { "quay.io": entry("other") } });
    assert.deepEqual(await find("quay.io"), named("other"));
  });

  it("takes Docker's variable before Docker's file, and its logins only", async () => {
    await put(".docker/config.json", { auths: { "quay.io": entry("file"), "ghcr.io": entry("file") } });
    env["DOCKER_AUTH_CONFIG"] = JSON.stringify({ auths: { "quay.io": entry("variable") }, credsStore: "missing" });
    assert.deepEqual(await find("quay.io"), named("variable"));
    assert.deepEqual(await find("ghcr.io"), named("file"));
    assert.deepEqual(await find("quay.io", { kind: "podman" }), named("variable"));
    await put("run/containers/auth.json", { auths: { "quay.io": entry("podman") } });
    assert.deepEqual(await find("quay.io", { kind: "podman" }), named("podman"));
    assert.deepEqual(warnings, []);
  });

  it("goes on without a damaged variable, and says so", async () => {
    await put(".docker/config.json", { auths: { "quay.io": entry("file") } });
    env["DOCKER_AUTH_CONFIG"] = `{"auths": {"quay.io": {"auth": "${SECRET}"`;
    assert.deepEqual(await find("quay.io"), named("file"));
    assert.match(warnings.join(), /the variable DOCKER_AUTH_CONFIG are not used, it is damaged/);
  });

  it("asks the file of the engine's own client first", async () => {
    await put(".docker/config.json", { auths: { "quay.io": entry("docker") } });
    await put("run/containers/auth.json", { auths: { "quay.io": entry("podman") } });
    assert.deepEqual(await find("quay.io", { kind: "docker" }), named("docker"));
    assert.deepEqual(await find("quay.io", { kind: "podman" }), named("podman"));
    await put(".docker/config.json", { auths: {} });
    assert.deepEqual(await find("quay.io", { kind: "docker" }), named("podman"));
  });

  it("reads Podman's other files, or only the one that is named", async () => {
    await put(".config/containers/auth.json", { auths: { "quay.io": entry("config") } });
    assert.deepEqual(await find("quay.io", { kind: "podman" }), named("config"));
    env["REGISTRY_AUTH_FILE"] = join(home, "mine.json");
    assert.equal(await find("quay.io", { kind: "podman" }), undefined);
    await put("mine.json", { auths: { "quay.io": entry("mine") } });
    assert.deepEqual(await find("quay.io", { kind: "podman" }), named("mine"));
  });

  it("takes the login for the longest part of a repository's name", async () => {
    const auths = { "quay.io": entry("all"), "quay.io/team/app": entry("app"), "quay.io/team": entry("team") };
    await put("run/containers/auth.json", { auths });
    assert.deepEqual(await find("quay.io", { repository: "team/app", kind: "podman" }), named("app"));
    assert.deepEqual(await find("quay.io", { repository: "team/other", kind: "podman" }), named("team"));
    assert.deepEqual(await find("quay.io", { repository: "elsewhere/app", kind: "podman" }), named("all"));
    assert.deepEqual(await find("quay.io", { kind: "podman" }), named("all"));
  });

  it("reads the files anew each time", async () => {
    await put(".docker/config.json", { auths: { "quay.io": entry("before") } });
    assert.deepEqual(await find("quay.io"), named("before"));
    await put(".docker/config.json", { auths: { "quay.io": entry("after") } });
    assert.deepEqual(await find("quay.io"), named("after"));
  });

  for (const [what, content] of [
    ["not JSON", `{"auths": {"quay.io": {"auth": "${SECRET}"`],
    ["something else", `["${SECRET}"]`],
    ["of another form", { auths: [SECRET] }],
  ] as const) {
    it(`goes on without a file that is ${what}, and says so once`, async () => {
      await put(".docker/config.json", content);
      await put("run/containers/auth.json", { auths: { "quay.io": entry("podman") } });
      assert.deepEqual(await find("quay.io"), named("podman"));
      assert.equal(warnings.length, 1);
      assert.match(warnings[0] ?? "", /config\.json are not used, it is damaged/);
    });
  }

  it("says which entry is damaged, and goes on", async () => {
    await put(".docker/config.json", { auths: { "quay.io": { auth: "%" }, "ghcr.io": entry("me") } });
    assert.equal(await find("quay.io"), undefined);
    assert.match(warnings.join(), /The login for quay\.io is damaged/);
    assert.deepEqual(await find("ghcr.io"), named("me"));
  });

  it("does not wait for a FIFO in a file's place", async () => {
    await mkdir(join(home, ".docker", "config.json"), { recursive: true });
    assert.equal(await find("quay.io"), undefined);
    assert.match(warnings.join(), /cannot be read: it is a folder/);
  });

  describe("with credential helpers", () => {
    it("tells the helper the server on stdin and nothing as an argument", async () => {
      await helper(
        "fake",
        `read server; printf '{"ServerURL":"%s","Username":"%s-%s","Secret":"${SECRET}"}' "$server" "$1" "$#"`,
      );
      await put(".docker/config.json", { credsStore: "fake", auths: { "quay.io": {} } });
      assert.deepEqual(await find("quay.io"), named("get-1"));
    });

    it("asks for Docker Hub under the name that docker stores it", async () => {
      await helper("fake", `read server; printf '{"Username":"%s","Secret":"${SECRET}"}' "$server"`);
      await put(".docker/config.json", { credsStore: "fake" });
      assert.deepEqual(await find("docker.io"), named("https://index.docker.io/v1/"));
    });

    it("asks the registry's own helper before the store, and the store before the file", async () => {
      await helper("own", `echo '{"Username":"own","Secret":"${SECRET}"}'`);
      await helper("store", `echo '{"Username":"store","Secret":"${SECRET}"}'`);
      await put(".docker/config.json", {
        credHelpers: { "quay.io": "own" },
        credsStore: "store",
        auths: { "quay.io": entry("file"), "ghcr.io": entry("file") },
      });
      assert.deepEqual(await find("quay.io"), named("own"));
      assert.deepEqual(await find("ghcr.io"), named("store"));
    });

    it("takes <token> for an identity token", async () => {
      await helper("fake", `echo '{"Username":"<token>","Secret":"${SECRET}"}'`);
      await put(".docker/config.json", { credsStore: "fake" });
      assert.deepEqual(await find("quay.io"), { kind: "identity-token", token: SECRET });
    });

    it("takes what a helper does not have from the file, without a warning", async () => {
      await helper("fake", "echo 'credentials not found in native keychain'; exit 1");
      await put(".docker/config.json", { credsStore: "fake", auths: { "quay.io": entry("file") } });
      assert.deepEqual(await find("quay.io"), named("file"));
      assert.equal(await find("ghcr.io"), undefined);
      assert.deepEqual(warnings, []);
    });

    it("does not take a login that belongs to another server", async () => {
      await helper("fuzzy", `echo '{"ServerURL":"https://quay.io.evil.org","Username":"me","Secret":"${SECRET}"}'`);
      await put(".docker/config.json", { credsStore: "fuzzy" });
      assert.equal(await find("quay.io"), undefined);
    });

    for (const [what, script, expected] of [
      [
        "fails",
        `echo "cannot open ${SECRET}"; echo ${SECRET} >&2; exit 3`,
        /docker-credential-fake failed with exit code 3/,
      ],
      ["writes something else", `echo "{\\"Secret\\": \\"${SECRET}\\"}"`, /docker-credential-fake answers in a form/],
      ["writes nothing", "exit 0", /docker-credential-fake answers in a form/],
      ["does not even read", "exec 0<&-; exit 4", /docker-credential-fake failed with exit code 4/],
    ] as const) {
      it(`goes on when one ${what}, and says which`, async () => {
        await helper("fake", script);
        await put(".docker/config.json", { credsStore: "fake", auths: { "quay.io": entry("file") } });
        assert.deepEqual(await find("quay.io"), named("file"));
        assert.equal(warnings.length, 1);
        assert.match(warnings[0] ?? "", expected);
        assert.match(warnings[0] ?? "", /quay\.io/);
      });
    }

    it("names one that is not installed", async () => {
      await put(".docker/config.json", { credsStore: "desktop" });
      assert.equal(await find("quay.io"), undefined);
      assert.match(warnings.join(), /docker-credential-desktop is not installed, or not on the PATH/);
    });

    for (const name of ["../evil", "a/b", "a b", "$(id)", "-x", ".."]) {
      it(`runs nothing for the name ${JSON.stringify(name)}`, async () => {
        await put(".docker/config.json", { credHelpers: { "quay.io": name } });
        assert.equal(await find("quay.io"), undefined);
        assert.match(warnings.join(), /cannot be the name of a credential helper/);
      });
    }

    it("ends one that hangs when the signal is aborted", async () => {
      await helper("slow", "exec sleep 60");
      await put(".docker/config.json", { credsStore: "slow" });
      const controller = new AbortController();
      const waiting = find("quay.io", { signal: controller.signal });
      setTimeout(() => {
        controller.abort();
      }, 50);
      await assert.rejects(waiting, { name: "AbortError" });
    });
  });
});
