import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { BuildSshError, ImageBuildError } from "../../src/core/errors/imageErrors";
import type { BuildSshSource } from "../../src/core/config/WorkspaceConfiguration";
import { openSshAgents, type SshAgents } from "../../src/engine/build/ssh/openSshAgents";
import { currentEnvironment } from "../../src/engine/discovery/currentEnvironment";
import { collect } from "../conformance/collect";
import { ConformanceFixture } from "../conformance/ConformanceFixture";
import { until } from "../conformance/until";
import { isPodman } from "./isPodman";
import { processesWith } from "./processes";
import { testEngines } from "./testEngines";

const KEY_NAME = "slipway-test-key";

describe("SSH agents for builds", () => {
  let folder: string;
  let key: string;
  let locked: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-build-ssh-"));
    key = join(folder, "key");
    locked = join(folder, "locked");
    const make = ["-q", "-t", "ed25519", "-C", KEY_NAME];
    execFileSync("ssh-keygen", [...make, "-N", "", "-f", key]);
    execFileSync("ssh-keygen", [...make, "-N", "secret", "-f", locked]);
    // As a checkout of some file systems has it; ssh itself would refuse such a key.
    await chmod(key, 0o644);
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  const open = async (paths: readonly string[]): Promise<SshAgents> =>
    openSshAgents([{ id: "mine", paths }], { environment: { ...currentEnvironment(), temporaryFolder: folder } });
  const keysOf = (socket: string): string =>
    execFileSync("ssh-add", ["-l"], { encoding: "utf8", env: { ...process.env, SSH_AUTH_SOCK: socket } });
  const left = async (): Promise<readonly string[]> =>
    (await readdir(folder)).filter((name) => name.startsWith("slipway-agent"));

  it("have the keys of files, for this user only, until they are closed", async () => {
    const agents = await open([key]);
    const socket = agents.sockets.get("mine") ?? "";
    assert.match(keysOf(socket), new RegExp(KEY_NAME));
    assert.equal((await stat(join(socket, ".."))).mode & 0o777, 0o700);
    assert.equal(processesWith(socket).length > 0, true);
    await agents.close();
    assert.deepEqual(processesWith(socket), []);
    assert.deepEqual(await left(), []);
  });

  it("are refused for a key with a passphrase, without asking for it", async () => {
    await assert.rejects(
      open([locked]),
      (error) => error instanceof BuildSshError && /passphrase/.test(error.message) && error.message.includes(locked),
    );
    assert.deepEqual(await left(), []);
  });

  it("are refused for what is no key", async () => {
    const file = join(folder, "no key");
    await writeFile(file, "nothing of a key\n");
    await assert.rejects(
      open([key, file]),
      (error) => error instanceof BuildSshError && /none that/.test(error.message),
    );
    assert.deepEqual(await left(), []);
  });

  it("end when the process that has started them is killed", async () => {
    const script = join(folder, "open.ts");
    const module = join(import.meta.dirname, "../../src/engine/build/ssh/openSshAgents.ts");
    const environment = join(import.meta.dirname, "../../src/engine/discovery/currentEnvironment.ts");
    await writeFile(
      script,
      `import { openSshAgents } from ${JSON.stringify(module)};
       import { currentEnvironment } from ${JSON.stringify(environment)};
       openSshAgents([{ id: "mine", paths: [${JSON.stringify(key)}] }],
         { environment: { ...currentEnvironment(), temporaryFolder: ${JSON.stringify(folder)} } })
         .then(({ sockets }) => { console.log(sockets.get("mine")); setInterval(() => {}, 1000); });`,
    );
    const child = spawn(process.execPath, [...process.execArgv, script], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(child.stdout, "data")) as readonly Buffer[];
    const socket = line?.toString("utf8").trim() ?? "";
    assert.match(keysOf(socket), new RegExp(KEY_NAME));
    child.kill("SIGKILL");
    await until(async () => Promise.resolve(processesWith(socket).length === 0 && !existsSync(join(socket, ".."))));
  });

  for (const { name, connect } of testEngines().filter((engine) => !isPodman(engine.address))) {
    describe(`on ${name}`, () => {
      const fixture = new ConformanceFixture({
        ...{ name, connect },
        pause: async () => Promise.resolve(),
        caller: () => ({ uid: 0, gid: 0 }),
      });
      before(async () => fixture.open());
      after(async () => fixture.close());

      /** A context with this machine's ssh-add and all that it is linked with: base images have none. */
      const contextWithSshAdd = async (): Promise<string> => {
        const root = await fixture.newFolder();
        await mkdir(join(root, "lib"));
        const program = execFileSync("which", ["ssh-add"], { encoding: "utf8" }).trim();
        const linked = execFileSync("ldd", [program], { encoding: "utf8" }).match(/\/\S+/g) ?? [];
        for (const file of [program, ...linked]) {
          await copyFile(file, join(root, "lib", basename(file)));
        }
        return root;
      };
      const build = async (run: string, ssh: readonly BuildSshSource[], signal?: AbortSignal): Promise<string> => {
        const options = await fixture.buildOptions(`FROM busybox\n${run}\n`, {
          folder: await contextWithSshAdd(),
          ...{ ssh, noCache: true, signal },
        });
        const events = await collect(fixture.engine.buildImage(options));
        assert.ok(!JSON.stringify(events).includes("PRIVATE KEY"));
        return events.map((event) => (event.type === "output" ? event.text : "")).join("");
      };
      const add = "cd /c/lib && ./ld-linux* --library-path . ./ssh-add";
      const mounts = "--mount=type=bind,target=/c --mount=type=ssh,id=mine";

      it("let RUN list keys, and do nothing else with them", async () => {
        const output = await build(`RUN ${mounts},required ${add} -l && ${add} -D; echo "and then $?"; ${add} -l`, [
          { id: "mine", paths: [key] },
        ]);
        assert.equal(output.match(new RegExp(KEY_NAME, "g"))?.length, 2, output);
        assert.match(output, /and then 1/);
      });

      it("are not there for another ID", async () => {
        const building = build("RUN --mount=type=ssh,id=other,required true", [{ id: "mine", paths: [key] }]);
        await assert.rejects(building, (error) => error instanceof ImageBuildError && /other/.test(error.message));
      });

      it("end with a build that is cancelled", async () => {
        const controller = new AbortController();
        const before = new Set(await readdir(tmpdir()));
        const run = `RUN ${mounts} ${add} -l; sleep 300`;
        const building = build(run, [{ id: "mine", paths: [key] }], controller.signal);
        const newAgents = async (): Promise<readonly string[]> =>
          (await readdir(tmpdir())).filter((each) => each.startsWith("slipway-agent") && !before.has(each));
        await until(async () => (await newAgents()).length > 0);
        controller.abort(new Error("changed my mind"));
        await assert.rejects(building, /changed my mind/);
        assert.deepEqual(await newAgents(), []);
      });
    });
  }
});
