import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LABEL } from "../../src/core/labels";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import { parseEngineAddress } from "../../src/engine/discovery/parseEngineAddress";
import { EngineConnection } from "../../src/engine/EngineConnection";
import { engineOfEachKind } from "../faults/engineOfEachKind";
import { runCli, type CliRun } from "./runCli";
import { TestWorkspace } from "./TestWorkspace";

const DOCKERFILE = [
  "FROM busybox AS dev",
  "ARG VERSION=none",
  "ARG OF_ENVIRONMENT=none",
  'RUN echo "$VERSION, $OF_ENVIRONMENT" > /version',
  "RUN --mount=type=secret,id=token --mount=type=secret,id=file cat /run/secrets/token /run/secrets/file && echo read",
  "FROM dev",
  "RUN exit 1",
  "",
].join("\n");

for (const { name, address, connect } of engineOfEachKind()) {
  describe(`slipway's options for building on ${name}`, () => {
    let engine: ContainerEngine;
    let workspace: TestWorkspace;
    /** What nobody may find anywhere. */
    let canary: string;
    let tag: string;

    beforeEach(async () => {
      engine = connect();
      workspace = await TestWorkspace.create({ Dockerfile: DOCKERFILE });
      canary = `canary-${randomBytes(8).toString("hex")}`;
      tag = `localhost/test-${randomBytes(6).toString("hex")}:dev`;
      await writeFile(join(dirname(workspace.folder), "secret file"), `first ${canary}\nsecond ${canary}\n`);
    });
    afterEach(async () => {
      await engine.removeImage(tag);
      await workspace.remove(engine);
    });

    const slipway = async (...args: readonly string[]): Promise<CliRun> =>
      runCli([...args, "--engine", address], {
        cwd: workspace.folder,
        env: { SLIPWAY_CACHE_DIR: workspace.cache, TOKEN: canary, OF_ENVIRONMENT: "known" },
      });
    const inputs = [
      "--target",
      "dev",
      "--build-arg",
      "VERSION=1.3",
      "--build-arg",
      "OF_ENVIRONMENT",
      "--build-arg",
      "UNSET",
    ];
    const secrets = ["--secret", "id=token,env=TOKEN", "--secret", 'id=file,"src=../secret file"'];

    it("builds with all of them, and with secrets that are nowhere afterwards", async () => {
      const options = [...inputs, ...secrets, "--label", "com.example.a=b=c"];
      const built = await slipway("build", ...options, "--tag", tag, "--no-cache", "--json");
      assert.equal(built.code, 0, built.stderr);
      assert.ok(!`${built.stdout}${built.stderr}`.includes(canary), "a secret was shown");
      assert.match(built.stdout, /\*\*\*/);
      assert.match(built.stdout, /\bread\b/);

      const image = await engine.inspectImage(tag);
      assert.equal(image?.labels["com.example.a"], "b=c");
      const saved = await savedImage(address, tag);
      // What is known to be in it is found, so that a secret would be.
      assert.ok(saved.includes("1.3, known"));
      assert.ok(!saved.includes(canary), "a secret is in the image's layers, history or configuration");
      for (const file of await filesBelow(workspace.cache)) {
        assert.ok(!(await readFile(file, "latin1")).includes(canary), `a secret is in ${file}`);
      }

      const told = await slipway("fingerprint", ...options, "--json");
      assert.equal((JSON.parse(told.stdout) as { fingerprint: string }).fingerprint, image.labels[LABEL.fingerprint]);
      assert.ok(!told.stdout.includes(canary), "a secret counts in the fingerprint");
      const shown = await runImage(tag, "cat", "/version");
      assert.equal(shown, "1.3, known\n");
    });

    const runImage = async (reference: string, ...command: readonly string[]): Promise<string> => {
      await workspace.write("slipway.json", JSON.stringify({ image: reference }));
      const { code, stdout, stderr } = await runCli(["run", "--engine", address, "--", ...command], {
        cwd: workspace.folder,
        env: { SLIPWAY_CACHE_DIR: workspace.cache },
      });
      assert.equal(code, 0, stderr);
      return stdout;
    };

    it("says which secret is missing, before anything is built", async () => {
      await workspace.write("slipway.json", JSON.stringify({ build: { secrets: [{ id: "file", file: "missing" }] } }));
      const { code, stdout, stderr } = await slipway("build", ...inputs, "--secret", "id=token,env=TOKEN");
      assert.equal(code, 125);
      assert.match(stderr, /The build's secret "file" cannot be read: there is no file .*missing/);
      assert.doesNotMatch(stderr, /RUN echo/);
      assert.ok(!`${stdout}${stderr}`.includes(canary));
      assert.deepEqual(await engine.listImages({ labels: workspace.labels }), []);
    });

    it("pulls nothing where that is not wanted", async () => {
      const reference = `localhost:1/none-${randomBytes(6).toString("hex")}`;
      await workspace.write("Dockerfile", `FROM ${reference}\n`);
      const { code, stdout } = await slipway("build", "--pull", "never", "--json");
      assert.equal(code, 125);
      assert.match(stdout, /"code":"pull-forbidden"/);
    });

    it("says why they have no place where no image is built", async () => {
      await workspace.write("slipway.json", JSON.stringify({ image: "busybox" }));
      const { code, stderr } = await slipway("build", "--tag", tag);
      assert.equal(code, 125);
      assert.match(stderr, /^slipway: --tag: no image is built here, busybox is used as it is/m);
      assert.equal(await engine.inspectImage(tag), undefined);
    });
  });
}

/** The archive of an image, its layers included. */
async function savedImage(address: string, reference: string): Promise<string> {
  const parsed = parseEngineAddress(address);
  assert.ok(!("problem" in parsed));
  const connection = new EngineConnection(parsed);
  return connection.text({ method: "GET", path: `/images/${reference}/get`, during: "saving an image" });
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const paths = (await readdir(folder, { recursive: true })).map((path) => join(folder, path));
  const kinds = await Promise.all(paths.map(async (path) => (await stat(path)).isFile()));
  return paths.filter((_, index) => kinds[index]);
}
