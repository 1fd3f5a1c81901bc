import assert from "node:assert/strict";
import { cleanUpImages, type CleanUpOptions, type CleanUpOutcome } from "../../src/core/image/list/cleanUpImages";
import { listWorkspaceImages } from "../../src/core/image/list/listWorkspaceImages";
import { removeWorkspaceImage } from "../../src/core/image/list/removeWorkspaceImage";
import { locksOf, manifestsOf } from "../../src/core/job/resolveImage";
import { imageLabels } from "../../src/core/labels";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import { imageReference, workspaceOf } from "../../src/core/Workspace";
import { engineOfEachKind } from "../faults/engineOfEachKind";
import { runCli, type CliRun } from "./runCli";
import { TestWorkspace } from "./TestWorkspace";

for (const { name: engineName, address, connect } of engineOfEachKind()) {
  describe(`Images of a workspace on ${engineName}`, () => {
    let engine: ContainerEngine;
    let workspace: TestWorkspace;
    let other: TestWorkspace;

    beforeEach(async () => {
      engine = connect();
      workspace = await TestWorkspace.create({});
      other = await TestWorkspace.create({});
    });
    afterEach(async () => {
      await workspace.remove(engine);
      await other.remove(engine);
      await engine.close();
    });

    const nameOf = (fingerprint: string, of = workspace): string => imageReference(workspaceOf(of.folder), fingerprint);
    /** @returns the image's ID. */
    const build = async (fingerprint: string, { of = workspace, content = fingerprint } = {}): Promise<string> => {
      const owner = workspaceOf(of.folder);
      let id = "";
      for await (const event of engine.buildImage({
        context: {
          root: of.folder,
          entries: [],
          dockerfile: { pathInContext: undefined, content: Buffer.from(`FROM busybox\nRUN echo ${content} > /it\n`) },
        },
        tags: [imageReference(owner, fingerprint)],
        labels: imageLabels(owner, fingerprint),
        args: {},
      })) {
        id = event.type === "image" ? event.imageId : id;
      }
      return id;
    };
    const parts = () => {
      const owner = workspaceOf(workspace.folder);
      const manifests = manifestsOf({ engine, cacheFolder: workspace.cache }, owner);
      return { engine, workspace: owner, manifests, locks: locksOf(workspace.cache) };
    };
    /** Names of a fingerprint each, in the order of their use. */
    const buildAll = async (...fingerprints: readonly string[]): Promise<void> => {
      for (const fingerprint of fingerprints) {
        await build(fingerprint);
        await parts().manifests.save(fingerprint, []);
      }
    };
    const cleanUp = async (options: Partial<CleanUpOptions> = {}): Promise<readonly string[]> => {
      const told: CleanUpOutcome[] = [];
      for await (const outcome of cleanUpImages({ ...parts(), fingerprint: undefined, keep: 0, ...options })) {
        told.push(outcome);
      }
      return told.map((outcome) =>
        [outcome.image.fingerprint, outcome.kind, outcome.kind === "kept" ? outcome.reason.kind : ""].join(" ").trim(),
      );
    };
    const run = async (image: string, labels: Readonly<Record<string, string>> = {}): Promise<string> =>
      engine.createContainer({
        ...{ image, name: `slipway-test-${Date.now().toString(36)}`, command: ["true"], labels },
        ...{ workingDirectory: undefined, env: {}, mounts: [], ports: [] },
      });

    it("keeps the last few, and leaves other workspaces alone", async () => {
      await build("theirs", { of: other });
      await buildAll("one", "two", "three");
      assert.deepEqual(await cleanUp({ fingerprint: "three", keep: 1 }), [
        "three kept current",
        "two kept recent",
        "one removed",
      ]);
      assert.equal(await engine.inspectImage(nameOf("one")), undefined);
      assert.ok((await engine.inspectImage(nameOf("theirs", other))) !== undefined);
      assert.deepEqual(await cleanUp(), ["three kept current", "two removed"]);
      assert.deepEqual([...(await parts().manifests.lastUsed()).keys()], ["three"]);
    });

    it("keeps what a container uses, be it somebody else's, and what has another name", async () => {
      await buildAll("used", "named", "three");
      // Somebody else's container can hide what it was made of.
      const container = await run(nameOf("used"), { "dev.slipway.workspace": "" });
      const tag = `localhost/slipway-test/${workspaceOf(workspace.folder).id}:mine`;
      await engine.tagImage(nameOf("named"), tag);
      try {
        assert.deepEqual(await cleanUp(), ["three kept current", "named kept named", "used kept in-use"]);
        const [, named, used] = await listWorkspaceImages({ ...parts(), fingerprint: undefined });
        assert.deepEqual(named?.otherNames, [tag]);
        assert.deepEqual(
          used?.usedBy.map(({ id, running }) => ({ id, running })),
          [{ id: container, running: false }],
        );
        assert.equal((await removeWorkspaceImage(used, parts())).kind, "in-use");
        assert.deepEqual(await removeWorkspaceImage(named, parts()), { kind: "untagged", otherNames: [tag] });
        assert.deepEqual((await engine.inspectImage(tag))?.references, [tag]);
      } finally {
        await engine.removeContainer(container);
        await engine.removeImage(tag);
      }
      assert.deepEqual(await cleanUp(), ["three kept current", "used removed"]);
    });

    it("removes what has lost its name, and not the image that has got it", async () => {
      const old = await build("one", { content: "old" });
      const now = await build("one", { content: "new" });
      await parts().manifests.save("one", []);
      assert.notEqual(old, now);
      assert.equal(await engine.inspectImage(old).then((image) => image?.references.length), 0);
      assert.deepEqual(await cleanUp({ fingerprint: "one", keep: 5 }), ["one kept current", "one removed"]);
      assert.equal(await engine.inspectImage(old), undefined);
      assert.equal((await engine.inspectImage(nameOf("one")))?.id, now);
    });

    it("does not take an image away from one that was made FROM it", async () => {
      await buildAll("base", "two");
      const derived = `localhost/slipway-test/${workspaceOf(workspace.folder).id}:derived`;
      for await (const event of engine.buildImage({
        context: {
          root: workspace.folder,
          entries: [],
          dockerfile: {
            pathInContext: undefined,
            content: Buffer.from(`FROM ${nameOf("base")}\nRUN echo derived > /derived\n`),
          },
        },
        ...{ tags: [derived], labels: {}, args: {} },
      })) {
        assert.notEqual(event.type, "warning");
      }
      try {
        assert.match((await cleanUp()).join(), /^two kept current,base (removed|kept engine)$/);
        assert.equal((await engine.listImages({ labels: workspace.labels })).length >= 2, true);
        const container = await run(derived);
        await engine.removeContainer(container);
      } finally {
        await engine.removeImage(derived);
      }
    });

    it("lets two clean up at once", async () => {
      await buildAll("one", "two", "three", "four");
      const told = await Promise.all([cleanUp(), cleanUp()]);
      assert.doesNotMatch(told.join(), /failed/);
      assert.deepEqual(await cleanUp(), ["four kept current"]);
    });

    it("is on the command line, too", async () => {
      const slipway = async (...args: readonly string[]): Promise<CliRun> =>
        runCli([...args, "--engine", address], {
          cwd: workspace.folder,
          env: { SLIPWAY_CACHE_DIR: workspace.cache },
        });
      assert.match((await slipway("images")).stderr, /has no images/);
      assert.match((await slipway("gc")).stderr, /nothing to remove/);
      await workspace.write("Dockerfile", "FROM busybox\nCOPY given.txt /\n");
      for (const content of ["1", "2"]) {
        await workspace.write("given.txt", content);
        assert.equal((await slipway("build")).code, 0);
      }
      const listed = await slipway("images");
      assert.match(listed.stdout, /^STATE .*\nfresh .*just now .*\nsuperseded .*just now .*\n$/);
      // A Dockerfile with a mistake in it is no reason not to list, and not to clean up.
      await workspace.write("Dockerfile", "FROM\n");
      const broken = await slipway("images", "--json");
      assert.equal(broken.code, 0);
      assert.match(broken.stderr, /cannot be told/);
      assert.deepEqual(broken.stdout.match(/"state":"\w+"/g), ['"state":"stale"', '"state":"superseded"']);
      assert.match((await slipway("gc")).stdout, /^kept .*\(the current one\)\nkept .*\(one of the last\)\n$/);
      const dry = await slipway("gc", "--keep=0", "--dry-run");
      assert.match(dry.stdout, /^would remove /m);
      const { code, stdout, stderr } = await slipway("gc", "--keep=0");
      assert.equal(code, 0);
      assert.match(stdout, /^removed /m);
      assert.match(stderr, /^slipway: 1 image removed/m);
    });
  });
}
