import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BindSourceError, MountError } from "../../../src/core/errors/containerErrors";
import type { Mount } from "../../../src/core/ports/ContainerTypes";
import type { ConformanceFixture } from "../ConformanceFixture";
import { BASIC } from "../programs/basicPrograms";
import { MOUNT, ODD_NAMES } from "../programs/mountPrograms";

export function describeMounts(fixture: ConformanceFixture): void {
  describe("mounts", () => {
    it("share a folder with the host", async () => {
      const source = await fixture.newFolder();
      await writeFile(join(source, "given.txt"), "given\n");
      const mounts = [{ kind: "bind", source, target: "/workspace" }] as const;
      assert.equal((await fixture.runToEnd({ program: BASIC.exchange, mounts })).stdout, "given\n");
      assert.equal(await readFile(join(source, "made.txt"), "utf8"), "made\n");
    });

    it("share a folder of any name", async () => {
      const parent = await fixture.newFolder();
      const mounts = [];
      for (const [index, name] of ODD_NAMES.entries()) {
        const source = await fixture.newFolder(join(parent.slice(parent.lastIndexOf("/") + 1), name));
        await writeFile(join(source, "name"), `${name}\n`);
        mounts.push({ kind: "bind", source, target: `/odd/${String(index)}` } as const);
      }
      const { stdout } = await fixture.runToEnd({ program: MOUNT.readOdd, mounts });
      assert.deepEqual(stdout.split("\n"), [...ODD_NAMES, ""]);
    });

    it("are not written to where that is not allowed", async () => {
      const source = await fixture.newFolder();
      await writeFile(join(source, "given"), "given\n");
      const mounts = [{ kind: "bind", source, target: "/mounted", readOnly: true, relabel: "shared" }] as const;
      assert.equal((await fixture.runToEnd({ program: MOUNT.writeReadOnly, mounts })).stdout, "given\nrefused\n");
      assert.ok(!existsSync(join(source, "made")));
    });

    it("name a folder that the host does not have, and do not make it", async () => {
      const source = join(await fixture.newFolder(), "missing");
      for (const odd of [source, `${source},odd`]) {
        const mounts = [{ kind: "bind", source: odd, target: "/mounted" }] as const;
        await assert.rejects(
          fixture.create({ mounts }),
          (error: unknown) => error instanceof BindSourceError && error.source === odd,
        );
        assert.ok(!existsSync(odd));
      }
    });

    it("are refused where an engine would take them for others, and nothing is made of them", async () => {
      const folder = { kind: "bind", source: await fixture.newFolder(), target: "/mounted" } as const;
      const volume = { kind: "volume", volume: fixture.newName(), target: "/mounted" } as const;
      const refused: readonly Mount[] = [
        { ...folder, source: "relative", relabel: "shared" },
        { ...folder, source: await fixture.newFolder("a:ro"), relabel: "shared" },
        { ...folder, target: "mounted" },
        { ...volume, volume: "/etc,readonly=true" },
        { ...volume, volume: "" },
      ];
      for (const mount of refused) {
        await assert.rejects(fixture.create({ mounts: [mount] }), MountError, JSON.stringify(mount));
      }
    });

    it("give the host's user the files that a container makes", async () => {
      const { uid, gid } = fixture.caller;
      const source = await fixture.newFolder();
      await writeFile(join(source, "given.txt"), "given\n");
      await chmod(join(source, "given.txt"), 0o644);
      const mounts = [{ kind: "bind", source, target: "/workspace" }] as const;
      const user = { kind: "host", uid, gid } as const;
      const { stdout, stderr } = await fixture.runToEnd({ program: BASIC.exchange, mounts, user });
      assert.deepEqual([stdout, stderr], ["given\n", ""]);
      const made = await stat(join(source, "made.txt"));
      assert.deepEqual([made.uid, made.gid], [uid, gid]);
    });

    it("can be in memory, of a size", async () => {
      const mounts = [{ kind: "tmpfs", target: "/scratch", sizeBytes: 1 << 20 }] as const;
      const { stdout } = await fixture.runToEnd({ program: MOUNT.scratch, mounts });
      assert.match(stdout, /^kept\n.* \/scratch tmpfs .*size=1024k[^]*\nfull\n$/);
    });
  });
}
