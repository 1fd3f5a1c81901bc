import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { watch } from "node:fs";
import { chmod, mkdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CopyInConfiguration, CopyOutConfiguration } from "../../src/core/config/WorkspaceConfiguration";
import { NoSpaceError } from "../../src/core/errors/engineErrors";
import { ContainerUserError, CopyInError, CopyLimitError, CopyOutError } from "../../src/core/errors/transferErrors";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import type { ContainerSpec, Mount } from "../../src/core/ports/ContainerTypes";
import { containerOwner } from "../../src/core/transfer/containerOwner";
import { copyIn } from "../../src/core/transfer/copyIn";
import { copyOut } from "../../src/core/transfer/copyOut";
import { syncWorkspace } from "../../src/core/transfer/syncWorkspace";
import type { FileOwner, TransferEvent } from "../../src/core/transfer/TransferEvent";
import { workspaceOf } from "../../src/core/Workspace";
import { collect } from "../conformance/collect";
import { engineOfEachKind } from "../faults/engineOfEachKind";
import { EXEC } from "../faults/longCalls";
import { testEngines } from "./testEngines";
import { TestWorkspace } from "./TestWorkspace";

const OWNER: FileOwner = { uid: 1234, gid: 2345 };

/** A container in which nothing happens. */
function idleSpec({ labels }: TestWorkspace): ContainerSpec {
  return {
    ...{ image: "busybox", name: `slipway-test-transfer-${randomBytes(4).toString("hex")}`, env: {}, ports: [] },
    ...{ command: ["sh", "-c", "trap exit TERM; while :; do sleep 0.1; done"], workingDirectory: undefined },
    ...{ labels, mounts: [], user: { kind: "named", name: "77:78" } },
  };
}

for (const { name, connect } of testEngines()) {
  describe(`Copying files on ${name}`, function () {
    this.timeout(60_000);
    let engine: ContainerEngine;
    let workspace: TestWorkspace;
    let containerId: string;

    before(async () => {
      engine = connect();
      workspace = await TestWorkspace.create({});
      containerId = await engine.createContainer(idleSpec(workspace));
      await engine.startContainer(containerId);
    });
    after(async () => {
      await workspace.remove(engine);
      await engine.close();
    });

    /** @returns what a script writes, run as root. */
    const shell = async (script: string): Promise<string> => {
      const command = ["sh", "-c", script];
      const program = await engine.exec(containerId, { ...EXEC, user: "0", command });
      let text = "";
      for await (const { data } of program.output) {
        text += Buffer.from(data).toString("utf8");
      }
      await program.exitCode();
      program.close();
      return text;
    };
    const look = async (paths: string): Promise<readonly string[]> =>
      (await shell(`stat -c '%n %F %a %u:%g' ${paths}`)).trim().split("\n");
    const into = async (...items: readonly CopyInConfiguration[]): Promise<readonly TransferEvent[]> =>
      collect(copyIn({ engine, containerId, workspaceFolder: workspace.folder, items, owner: OWNER }));
    const out = async (source: string, target: string, more: Partial<CopyOutConfiguration> = {}) => {
      const items = [{ source, target: join(workspace.folder, target), ...more }];
      return collect(copyOut({ engine, containerId, workspaceFolder: workspace.folder, items, failed: false }));
    };

    it("puts files, folders and patterns in, with modes, links, parents and owners", async () => {
      await workspace.write("one/tool.sh", "#!/bin/sh\n");
      await workspace.write("one/sub/a.txt", "a");
      await workspace.write("one/sub/b.log", "b");
      await chmod(join(workspace.folder, "one/tool.sh"), 0o750);
      await symlink("sub/a.txt", join(workspace.folder, "one/link"));
      const large = randomBytes(3 << 20);
      await writeFile(join(workspace.folder, "one/large"), large);
      const long = `${"n".repeat(120)}/${"m".repeat(120)}`;
      await workspace.write(`one/${long}/é`, "long");
      await shell("mkdir /kept; chmod 1777 /kept");
      const events = await into(
        { source: "one", target: "/opt/new/deep" },
        { source: "one/tool.sh", target: "/opt/into/" },
        { source: "one/tool.sh", target: "/kept/renamed" },
        { source: "one/**/*.txt", target: "/opt/texts" },
      );
      assert.deepEqual(
        events.map((event) => (event.type === "transfer" ? event.files : event.message)),
        [6, 1, 1, 1],
      );
      assert.deepEqual(
        await look(
          `/opt/new /opt/new/deep/sub /opt/new/deep/tool.sh /opt/into/tool.sh /kept/renamed /opt/texts/sub/a.txt /opt/new/deep/${long}/é`,
        ),
        [
          "/opt/new directory 755 1234:2345",
          "/opt/new/deep/sub directory 755 1234:2345",
          "/opt/new/deep/tool.sh regular file 750 1234:2345",
          "/opt/into/tool.sh regular file 750 1234:2345",
          "/kept/renamed regular file 750 1234:2345",
          "/opt/texts/sub/a.txt regular file 644 1234:2345",
          `/opt/new/deep/${long}/é regular file 644 1234:2345`,
        ],
      );
      assert.equal(
        await shell("readlink /opt/new/deep/link; ls /opt/texts/sub; stat -c %u:%a /kept"),
        "sub/a.txt\na.txt\n0:1777\n",
      );
      await out("/opt/new/deep/large", "back");
      assert.ok((await readFile(join(workspace.folder, "back"))).equals(large));
    });

    it("takes folders and patterns out, leaves out what leads out, and keeps the rest of the target", async () => {
      await shell(
        "mkdir -p /out/dist/sub; cd /out/dist; echo 1 > a.js; echo 2 > sub/b.js; chmod 4711 a.js; ln -s sub/b.js in; " +
          "ln -s /etc/passwd away; ln a.js hard; mkfifo pipe; ln -s /out/dist /out/latest",
      );
      await workspace.write("dist/mine", "mine");
      const [transfer, ...warnings] = await out("/out/latest", "dist");
      assert.ok(transfer?.type === "transfer" && transfer.files === 4, JSON.stringify(transfer));
      assert.match(JSON.stringify(warnings), /lead out[^"]*away.*pipe/);
      const dist = join(workspace.folder, "dist");
      assert.equal((await stat(join(dist, "a.js"))).mode & 0o7777, 0o711);
      assert.equal(await readlink(join(dist, "in")), "sub/b.js");
      assert.equal(await readFile(join(dist, "hard"), "utf8"), "1\n");
      assert.equal(await readFile(join(dist, "mine"), "utf8"), "mine");
      await out("/out/dist/**/*.js", "scripts");
      assert.equal(await readFile(join(workspace.folder, "scripts/sub/b.js"), "utf8"), "2\n");
      await out("/out/dist", "collected/");
      assert.equal(await readFile(join(workspace.folder, "collected/dist/sub/b.js"), "utf8"), "2\n");
      await assert.rejects(out("/out/nothing", "dist"), CopyOutError);
      await assert.rejects(out("/out/dist/*.py", "dist"), CopyOutError);
      await assert.rejects(out("/out/dist", "limited", { maxEntries: 3 }), CopyLimitError);
    });

    it("keeps a copy of the workspace up to date, and leaves what the container made alone", async () => {
      const target = "/copy/of";
      const sync = async (signal?: AbortSignal): Promise<readonly TransferEvent[]> =>
        collect(
          syncWorkspace({
            ...{ engine, containerId, target, owner: OWNER, cacheFolder: workspace.cache, signal },
            workspace: workspaceOf(workspace.folder),
          }),
        );
      await rm(workspace.folder, { recursive: true });
      await mkdir(workspace.folder);
      await workspace.write("a/one", "1");
      await workspace.write("a/two", "2");
      await workspace.write("gone/deep/file", "3");
      await workspace.write("kind", "file");
      await workspace.write("ignored", "x");
      await workspace.write(".slipwayignore", "ignored\n");
      const [first] = await sync();
      assert.ok(first?.type === "transfer" && first.files === 5 && first.direction === "sync", JSON.stringify(first));
      assert.deepEqual(await sync(), []);
      await shell(`cd ${target}; echo made > a/made; echo made > gone/deep/made; echo made > new`);
      await workspace.write("a/one", "changed");
      await rm(join(workspace.folder, "gone"), { recursive: true });
      await rm(join(workspace.folder, "a/two"));
      await rm(join(workspace.folder, "kind"));
      await workspace.write("kind/inner", "folder");
      await workspace.write("new/file", "over what the container made");
      const [second] = await sync();
      assert.ok(second?.type === "transfer" && second.files === 3, JSON.stringify(second));
      assert.equal(
        await shell(`cd ${target}; find . -type f | sort; cat a/one kind/inner; stat -c %u:%g . a a/one`),
        "./.slipwayignore\n./a/made\n./a/one\n./gone/deep/made\n./kind/inner\n./new/file\nchangedfolder1234:2345\n1234:2345\n1234:2345\n",
      );
      assert.deepEqual(await sync(), []);
      // Once it has begun to copy; the next time puts it right.
      await workspace.write("large", "x".repeat(16 << 20));
      const cancel = new AbortController();
      const state = join(workspace.cache, "sync", workspaceOf(workspace.folder).id);
      const watcher = watch(state, () => {
        cancel.abort();
      });
      await assert.rejects(sync(cancel.signal), { name: "AbortError" });
      watcher.close();
      await sync();
      assert.equal(await shell(`stat -c %s ${target}/large`), `${String(16 << 20)}\n`);
    });

    it("knows the numbers of a container's users", async () => {
      const owner = async (user: string | undefined): Promise<FileOwner> =>
        containerOwner({ engine, containerId, user });
      await shell("echo tester:x:33:44::/:/bin/sh >> /etc/passwd; echo staff:x:55:tester >> /etc/group");
      assert.deepEqual(await owner(undefined), { uid: 77, gid: 78 });
      assert.deepEqual(await owner("tester"), { uid: 33, gid: 44 });
      assert.deepEqual(await owner("root"), { uid: 0, gid: 0 });
      assert.deepEqual(await owner("33"), { uid: 33, gid: 44 });
      assert.deepEqual(await owner("4000"), { uid: 4000, gid: 0 });
      assert.deepEqual(await owner("tester:staff"), { uid: 33, gid: 55 });
      assert.deepEqual(await owner("7:8"), { uid: 7, gid: 8 });
      await assert.rejects(owner("nobody-knows"), ContainerUserError);
    });
  });
}

for (const { name, kind, connect } of engineOfEachKind()) {
  describe(`Copying files to where there is no room on ${name}`, () => {
    it("says so", async () => {
      const engine = connect();
      const workspace = await TestWorkspace.create({ large: "x".repeat(3 << 20) });
      try {
        const mounts: readonly Mount[] = [{ kind: "tmpfs", target: "/small", sizeBytes: 1 << 20 }];
        const containerId = await engine.createContainer({ ...idleSpec(workspace), mounts });
        await engine.startContainer(containerId);
        const items = [{ source: "large", target: "/small/large" }];
        const copying = collect(
          copyIn({ engine, containerId, workspaceFolder: workspace.folder, items, owner: undefined, mounts }),
        );
        // Docker does not copy into a tmpfs at all, and does not say so.
        await assert.rejects(copying, kind === "docker" ? CopyInError : NoSpaceError);
      } finally {
        await workspace.remove(engine);
        await engine.close();
      }
    });
  });
}
