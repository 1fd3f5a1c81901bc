import assert from "node:assert/strict";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MountSourceError } from "../../errors/containerErrors";
import { mountableSource } from "./mountableSource";

describe("mountableSource", () => {
  let root: string;
  let server: Server;
  const at = (...path: readonly string[]): string => join(root, ...path);

  before(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "slipway-mount-")));
    for (const folder of ["home/.ssh/keys", "home/work/src", "home/other", "run"]) {
      await mkdir(at(folder), { recursive: true });
    }
    await writeFile(at("home/work/file"), "");
    await symlink(at("home/other"), at("home/work/way-out"));
    await symlink(at("home/work/src"), at("home/other/way-in"));
    server = createServer();
    await new Promise<void>((resolve) => server.listen(at("run/engine.sock"), resolve));
  });
  after(async () => {
    await new Promise((resolve) => server.close(resolve));
    await rm(root, { recursive: true, force: true });
  });

  const check = async (source: string, folders: readonly string[] = [at("home/work")]): Promise<string> =>
    mountableSource(source, {
      folders,
      home: at("home"),
      address: { kind: "unix", socketPath: at("run/engine.sock") },
    });
  const refused = async (source: string, why: RegExp, folders?: readonly string[]): Promise<void> => {
    await assert.rejects(check(source, folders), (error: unknown) => {
      assert.ok(error instanceof MountSourceError);
      assert.match(error.message, why);
      return true;
    });
  };

  it("takes what lies in the workspace, or in a folder that is allowed, by its real path", async () => {
    assert.equal(await check(at("home/work")), at("home/work"));
    assert.equal(await check(at("home/work/file")), at("home/work/file"));
    assert.equal(await check(`${at("home/work")}/src/../src/`), at("home/work/src"));
    assert.equal(await check(at("home/other/way-in")), at("home/work/src"));
    assert.equal(await check(at("home/work/way-out"), [at("home/other")]), at("home/other"));
  });

  it("refuses what lies elsewhere, be it by a link or by dots", async () => {
    await refused(at("home/other"), /outside the workspace/);
    await refused(at("home/work/way-out"), /outside the workspace \(it leads to .*other\)/);
    await refused(`${at("home/work")}/../other`, /outside the workspace/);
    await refused(`${at("home/work")}-2`, /no such file or folder/);
  });

  it("refuses what is not there, or has no absolute path", async () => {
    await refused(at("home/work/missing"), /no such file or folder/);
    await refused("src", /must be absolute/);
  });

  it("refuses what would hand over this machine, even where everything is allowed", async () => {
    const everything = ["/"];
    await refused("/", /whole file system/, everything);
    await refused(at("home"), /home folder/, everything);
    await refused(root, /home folder/, everything);
    await refused(at("home/.ssh"), /SSH keys/, everything);
    await refused(at("home/.ssh/keys"), /SSH keys/, everything);
    await refused(at("run/engine.sock"), /engine's socket/, everything);
    await refused(at("run"), /engine's socket/, everything);
  });

  it("refuses an engine's socket by its name, too", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(at("home/work/podman.sock"), resolve));
    try {
      await refused(at("home/work/podman.sock"), /engine's socket/);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });
});
