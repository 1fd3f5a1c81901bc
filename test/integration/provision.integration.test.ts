import assert from "node:assert/strict";
import { chmod, mkdir, symlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { ResourceConfiguration } from "../../src/core/config/WorkspaceConfiguration";
import { ResourceError } from "../../src/core/errors/provisionErrors";
import { BuildLock } from "../../src/core/image/sharing/BuildLock";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import { LayerProvisioner } from "../../src/core/provision/LayerProvisioner";
import type { ProvisionedImage } from "../../src/core/provision/Provisioner";
import { workspaceOf } from "../../src/core/Workspace";
import { currentEnvironment } from "../../src/engine/discovery/currentEnvironment";
import { DockerodeEngine } from "../../src/engine/DockerodeEngine";
import { isPodman } from "./isPodman";
import { tarEntries } from "./tarEntries";
import { testEngines } from "./testEngines";
import { TestWorkspace } from "./TestWorkspace";

const classic = testEngines()
  .filter(({ address }) => !isPodman(address))
  .map(({ name, connect }) => {
    const env = { ...process.env, DOCKER_BUILDKIT: "0" };
    const environment = { ...currentEnvironment(), env };
    return {
      name: `the classic builder of ${name}`,
      connect: () => new DockerodeEngine(connect().endpoint, { environment }),
    };
  });

for (const { name, connect } of [...testEngines(), ...classic]) {
  describe(`Resources on ${name}`, function () {
    this.timeout(60_000);
    let engine: ContainerEngine;
    let workspace: TestWorkspace;
    let provisioner: LayerProvisioner;

    before(async () => {
      engine = connect();
      workspace = await TestWorkspace.create({
        "tools/bin/hello": "#!/bin/sh\necho hello\n",
        "tools/data": "data",
        deploy: "#!/bin/sh\necho deployed\n",
      });
      const { folder, cache: cacheFolder } = workspace;
      const locks = new BuildLock(join(cacheFolder, "locks"));
      provisioner = new LayerProvisioner({ engine, workspace: workspaceOf(folder), locks, cacheFolder });
    });
    after(async () => {
      await workspace.remove(engine);
      await engine.close();
    });

    const at = (path: string): string => join(workspace.folder, path);
    const provision = async (
      resources: readonly ResourceConfiguration[],
      forceRebuild = false,
    ): Promise<ProvisionedImage> => {
      const events = provisioner.provision({ baseImage: "busybox", resources, forceRebuild, keepImages: 0 });
      for (;;) {
        const next = await events.next();
        if (next.done === true) {
          return next.value;
        }
      }
    };

    it("puts files, folders and links in one layer, keeps it, and removes only what it has made", async () => {
      await chmod(at("tools/bin/hello"), 0o4751);
      await chmod(at("tools"), 0o711);
      await mkdir(at("tools/empty"));
      await symlink("../../../etc/passwd", at("tools/outward"));
      await symlink("/nowhere", at("tools/absolute"));
      const resources = [
        { source: at("tools"), target: "/opt/deep/tools" },
        { source: at("deploy"), target: "/tmp/deploy", mode: 0o755 },
        { source: at("tools/data"), target: "/opt/deep/tools/more/data" },
      ];
      const [first, shared] = await Promise.all([provision(resources), provision(resources)]);
      assert.deepEqual(shared, first);
      assert.equal(first.wasBuilt, true);
      const base = await engine.inspectImage("busybox");
      const image = await engine.inspectImage(first.reference);
      assert.equal(image?.id, first.imageId);
      const { env, command, entrypoint, user } = image.config;
      assert.deepEqual(
        { env, command, entrypoint, user },
        {
          ...{ env: base?.config.env, command: base?.config.command },
          ...{ entrypoint: base?.config.entrypoint, user: base?.config.user },
        },
      );
      const make = async (reference: string, suffix: string): Promise<string> =>
        engine.createContainer({
          ...{
            image: reference,
            name: `slipway-test-${first.hash.slice(0, 12)}-${suffix}`,
            command: ["true"],
            env: {},
          },
          ...{ workingDirectory: undefined, labels: workspace.labels, mounts: [], ports: [] },
        });
      const bare = await make("busybox", "bare");
      const filled = await make(first.reference, "filled");
      const look = async (containerId: string, path: string): Promise<readonly string[]> =>
        (await tarEntries(engine.copyFrom(containerId, path)))
          .map(({ header: { name: entry, mode, uid, gid, linkname } }) =>
            [entry.replace(/\/$/, ""), (mode & 0o7777).toString(8), `${String(uid)}:${String(gid)}`, linkname].join(
              " ",
            ),
          )
          .map((line) => line.trim())
          .sort();
      assert.deepEqual(await look(filled, "/opt"), [
        "opt 755 0:0",
        "opt/deep 755 0:0",
        "opt/deep/tools 711 0:0",
        "opt/deep/tools/absolute 777 0:0 /nowhere",
        "opt/deep/tools/bin 755 0:0",
        "opt/deep/tools/bin/hello 4751 0:0",
        "opt/deep/tools/data 644 0:0",
        "opt/deep/tools/empty 755 0:0",
        "opt/deep/tools/more 755 0:0",
        "opt/deep/tools/more/data 644 0:0",
        "opt/deep/tools/outward 777 0:0 ../../../etc/passwd",
      ]);
      // A folder that the base image has, with a mode of its own, stays as it was.
      assert.deepEqual(await look(filled, "/tmp"), [...(await look(bare, "/tmp")), "tmp/deploy 755 0:0"].sort());
      assert.equal(await provisioner.cleanup(first.reference), false);
      await engine.removeContainer(bare);
      await engine.removeContainer(filled);
      await utimes(at("deploy"), 1, 1);
      assert.deepEqual(await provision([...resources].reverse()), { ...first, wasBuilt: false });
      assert.equal((await provision(resources, true)).wasBuilt, true);
      await workspace.write("deploy", "#!/bin/sh\necho another\n");
      const second = await provision(resources);
      assert.notEqual(second.hash, first.hash);
      // It was superseded.
      assert.equal(await engine.inspectImage(first.reference), undefined);
      assert.equal(await provisioner.cleanup("busybox"), false);
      assert.equal(await provisioner.cleanup(second.reference), true);
      assert.equal(await engine.inspectImage(second.reference), undefined);
      assert.equal((await engine.inspectImage("busybox"))?.id, base?.id);
      assert.deepEqual(await workspace.containers(engine), []);
      assert.deepEqual(await engine.listImages({ labels: workspace.labels }), []);
    });

    it("says what is in a target's way, and leaves the image alone", async () => {
      const wrong = async (source: string, target: string): Promise<void> =>
        assert.rejects(provision([{ source: at(source), target }]), ResourceError);
      await wrong("deploy", "/etc");
      await wrong("tools", "/etc/passwd");
      await wrong("tools", "/etc/passwd/below");
      await wrong("nothing", "/opt/nothing");
      assert.deepEqual(await workspace.containers(engine), []);
    });
  });
}
