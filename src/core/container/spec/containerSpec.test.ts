import assert from "node:assert/strict";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { FakeContainerEngine } from "../../../../test/fake/FakeContainerEngine";
import type { RunConfiguration, WorkspaceMode } from "../../config/WorkspaceConfiguration";
import { EnvFileError, MountSourceError, RemoteBindError, RunOptionError } from "../../errors/containerErrors";
import { NO_NETWORK_SETTINGS } from "../../network/NetworkSettings";
import type { Mount } from "../../ports/ContainerTypes";
import type { EngineAddress } from "../../ports/EngineEndpoint";
import { workspaceOf } from "../../Workspace";
import { containerSpec, workspaceMode, type ContainerSpecOptions, type PreparedSpec } from "./containerSpec";

const REMOTE: EngineAddress = { kind: "ssh", host: "far", user: undefined, port: undefined, socketPath: undefined };
const RUN: RunConfiguration = { workspaceFolder: "/workspace", env: {}, ports: [] };
const PORT = { containerPort: 80, protocol: "tcp", hostIp: "127.0.0.1", hostPort: undefined } as const;

describe("containerSpec", () => {
  let folder: string;

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "slipway-spec-")));
    await mkdir(join(folder, "src"));
    await mkdir(join(folder, "lib"));
    await writeFile(join(folder, "one.env"), "A=one\nB=one\n");
    await writeFile(join(folder, "two.env"), "B=two\nC=two\nHERE\n");
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const prepare = async (
    run: Partial<RunConfiguration> = {},
    options: Partial<ContainerSpecOptions> & { readonly address?: EngineAddress } = {},
  ): Promise<PreparedSpec> => {
    const engine = new FakeContainerEngine({ images: ["busybox"] });
    const { address = engine.endpoint.address } = options;
    return containerSpec({
      engine: Object.assign(engine, { endpoint: { address, source: "a test" } }),
      workspace: workspaceOf(folder),
      image: { reference: "busybox", imageId: "sha256:1" },
      run: { ...RUN, ...run },
      mode: "bind",
      network: NO_NETWORK_SETTINGS,
      environment: { HERE: "from here" },
      ...options,
    });
  };
  const hashOf = async (...options: Parameters<typeof prepare>): Promise<string> => (await prepare(...options)).runHash;

  it("mounts the workspace, runs in it and asks for nothing else by itself", async () => {
    const { spec, warnings, files, gpusOptional } = await prepare();
    assert.deepEqual(JSON.parse(JSON.stringify(spec)), {
      image: "busybox",
      workingDirectory: "/workspace",
      env: {},
      labels: {},
      mounts: [{ kind: "bind", source: folder, target: "/workspace" }],
      ports: [],
    });
    assert.deepEqual([warnings, files, gpusOptional], [[], undefined, false]);
  });

  it("mounts nothing where the workspace is copied, or is not there", async () => {
    for (const mode of ["copy", "none"] as const) {
      assert.deepEqual((await prepare({}, { mode })).spec.mounts, []);
    }
  });

  it("warns where the workspace that is mounted holds the home folder", async () => {
    for (const home of [folder, join(folder, "src")]) {
      assert.match((await prepare({}, { home })).warnings.join(), /holds your home folder/);
      assert.deepEqual((await prepare({}, { home, mode: "copy" })).warnings, []);
    }
    assert.deepEqual((await prepare({}, { home: join(folder, "..") })).warnings, []);
  });

  it("refuses to copy the workspace to where it would not stay", async () => {
    const memory: Partial<RunConfiguration> = {
      workspaceFolder: "/tmp/ws",
      mounts: [{ kind: "tmpfs", target: "/tmp" }],
    };
    await assert.rejects(prepare(memory, { mode: "copy" }), RunOptionError);
    assert.equal((await prepare(memory)).spec.mounts.length, 2);
    assert.equal((await prepare({ ...memory, workspaceFolder: "/tmpws" }, { mode: "copy" })).spec.mounts.length, 1);
  });

  it("takes env files in their order, then env", async () => {
    const envFiles = [join(folder, "one.env"), join(folder, "two.env")];
    const { spec } = await prepare({ envFiles, env: { C: "own", D: "own" } });
    assert.deepEqual(spec.env, { A: "one", B: "two", C: "own", HERE: "from here", D: "own" });
    await assert.rejects(prepare({ envFiles: [join(folder, "missing")] }), EnvFileError);
  });

  it("puts proxies before all that, and brings the authorities to trust", async () => {
    const tar = async function* (): AsyncGenerator<Uint8Array> {
      await Promise.resolve();
      yield new Uint8Array();
    };
    const network = {
      proxies: { HTTP_PROXY: "http://proxy", NO_PROXY: "here" },
      certificates: { sha256: "abc", bundle: new Uint8Array(), tar },
      warnings: [],
    };
    const { spec, files, runHash } = await prepare({ env: { NO_PROXY: "own" } }, { network });
    assert.equal(spec.env["HTTP_PROXY"], "http://proxy");
    assert.equal(spec.env["NO_PROXY"], "own");
    assert.equal(spec.env["SSL_CERT_FILE"], "/etc/slipway/ca.pem");
    assert.notEqual(files, undefined);
    const other = { ...network, certificates: { ...network.certificates, sha256: "abd" } };
    assert.notEqual(await hashOf({ env: { NO_PROXY: "own" } }, { network: other }), runHash);
  });

  it("relabels what of the workspace is mounted, where nothing else is said", async () => {
    const bind = { kind: "bind", source: join(folder, "src"), target: "/src" } as const;
    const mounts = [bind, { ...bind, target: "/own", relabel: "private" }] as const;
    const { spec } = await prepare({ mounts }, { relabel: "shared" });
    assert.deepEqual(
      spec.mounts.map((mount) => (mount.kind === "bind" ? mount.relabel : "")),
      ["shared", "shared", "private"],
    );
  });

  it("labels volumes as the workspace's", async () => {
    const { spec } = await prepare({ mounts: [{ kind: "volume", volume: "cache", target: "/cache" }] });
    const [, volume] = spec.mounts;
    assert.ok(volume?.kind === "volume");
    assert.deepEqual(volume.labels, {
      "dev.slipway.workspace": workspaceOf(folder).id,
      "dev.slipway.kind": "volume",
    });
  });

  it("asks for each port once, warns of those that others can reach, and says where there can be none", async () => {
    const open = await prepare({ ports: [PORT, PORT, { ...PORT, hostIp: "0.0.0.0" }] });
    assert.equal(open.spec.ports.length, 2);
    assert.match(open.warnings.join("\n"), /open to other machines/);
    for (const network of ["host", "none", "container:a"]) {
      const { spec, warnings } = await prepare({ ports: [PORT], network });
      assert.deepEqual(spec.ports, []);
      assert.match(warnings.join("\n"), /run\.ports is of no account/);
    }
  });

  it("leaves an entrypoint to the image's own command", async () => {
    const { spec, entrypoint } = await prepare({ entrypoint: ["init"] });
    assert.deepEqual([entrypoint, "entrypoint" in spec], [["init"], false]);
  });

  it("refuses what cannot be had, and says what it is", async () => {
    const tmpfs = { kind: "tmpfs", target: "/t" } as const;
    for (const run of [
      { labels: { "dev.slipway.kind": "warm" } },
      { labels: { "": "x" } },
      { mounts: [tmpfs, { ...tmpfs, target: "/a/../t/" }] },
      { mounts: [{ ...tmpfs, target: "/workspace" }] },
      { mounts: [{ ...tmpfs, target: "/x/.." }] },
    ]) {
      await assert.rejects(prepare(run), RunOptionError);
    }
    const outside: Mount = { kind: "bind", source: tmpdir(), target: "/t" };
    await assert.rejects(prepare({ mounts: [outside] }), MountSourceError);
    assert.equal((await prepare({ mounts: [outside] }, { allowedFolders: [tmpdir()] })).spec.mounts.length, 2);
  });

  it("refuses folders of this machine on an engine of another one, and says what to do", async () => {
    const bind: Mount = { kind: "bind", source: join(folder, "src"), target: "/src" };
    await assert.rejects(prepare({}, { address: REMOTE }), (error: unknown) => {
      assert.ok(error instanceof RemoteBindError && error.isWorkspace);
      return true;
    });
    await assert.rejects(prepare({ mounts: [bind] }, { address: REMOTE, mode: "copy" }), /copyIn/);
    const volume: Mount = { kind: "volume", volume: "v", target: "/v" };
    await prepare({ mounts: [volume] }, { address: REMOTE, mode: "copy" });
    assert.equal(workspaceMode(RUN, REMOTE), "copy");
    assert.equal(workspaceMode({ ...RUN, workspace: "none" }, REMOTE), "none");
    assert.equal(workspaceMode(RUN, { kind: "unix", socketPath: "/s" }), "bind");
  });

  describe("the run hash", () => {
    const word = fc.stringMatching(/^[a-z]{1,6}$/);
    const words = fc.uniqueArray(word, { maxLength: 4 });
    const port = fc.record({
      containerPort: fc.integer({ min: 1, max: 65535 }),
      protocol: fc.constantFrom("tcp", "udp"),
      hostIp: fc.constant("127.0.0.1"),
      hostPort: fc.option(fc.integer({ min: 1, max: 65535 }), { nil: undefined }),
    });
    const mount = (target: string, index: number): Mount =>
      index % 2 === 0
        ? { kind: "tmpfs", target: `/${target}` }
        : { kind: "volume", volume: target, target: `/${target}` };
    const runs = fc.record({
      env: fc.dictionary(word, fc.string()),
      labels: fc.dictionary(word, fc.string()),
      ports: fc.array(port, { maxLength: 4 }),
      mounts: words.map((targets) => targets.map((target, index) => mount(`m${target}`, index))),
      addCapabilities: words,
      dropCapabilities: words,
      securityOptions: words,
      extraHosts: words.map((names) => names.map((name) => `${name}:192.0.2.1`)),
    });
    const reversed = <T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
      Object.fromEntries(Object.entries(record).toReversed());

    it("is the same for what means the same", async () => {
      await fc.assert(
        fc.asyncProperty(runs, async (run) => {
          const same: Partial<RunConfiguration> = {
            env: reversed(run.env),
            labels: reversed(run.labels),
            ports: [...run.ports, ...run.ports].toReversed(),
            mounts: run.mounts.toReversed(),
            addCapabilities: run.addCapabilities.map((name) => `CAP_${name}`.toUpperCase()).toReversed(),
            dropCapabilities: [...run.dropCapabilities, ...run.dropCapabilities],
            securityOptions: run.securityOptions.toReversed(),
            extraHosts: run.extraHosts.toReversed(),
            ...{ privileged: false, readOnlyRoot: false, resources: {}, network: undefined },
          };
          assert.equal(await hashOf(same), await hashOf(run));
        }),
        { numRuns: 40 },
      );
    });

    it("is another one for each option, value and way to write it down", async () => {
      const source = (name: string): string => join(folder, name);
      const src: Mount = { kind: "bind", source: source("src"), target: "/t" };
      const variants: readonly (Partial<RunConfiguration> | readonly [Partial<RunConfiguration>, WorkspaceMode])[] = [
        {},
        [{}, "copy"],
        [{}, "none"],
        { workspaceFolder: "/w" },
        { user: "host" },
        { user: "root" },
        { user: "0" },
        { env: { A: "" } },
        { env: { A: "1" } },
        { env: { "A=1": "" } },
        { env: { A: "1", B: "2" } },
        { env: { A: '1","B","2' } },
        { labels: { A: "1" } },
        { labels: { A: "2" } },
        { ports: [PORT] },
        { ports: [{ ...PORT, containerPort: 81 }] },
        { ports: [{ ...PORT, protocol: "udp" }] },
        { ports: [{ ...PORT, hostIp: "127.0.0.2" }] },
        { ports: [{ ...PORT, hostPort: 80 }] },
        { mounts: [src] },
        { mounts: [{ ...src, source: source("lib") }] },
        { mounts: [{ ...src, target: "/u" }] },
        { mounts: [{ ...src, readOnly: true }] },
        { mounts: [{ ...src, relabel: "shared" }] },
        { mounts: [{ ...src, relabel: "private" }] },
        { mounts: [{ kind: "volume", volume: "v", target: "/t" }] },
        { mounts: [{ kind: "volume", volume: "w", target: "/t" }] },
        { mounts: [{ kind: "volume", volume: "v", target: "/t", readOnly: true }] },
        { mounts: [{ kind: "tmpfs", target: "/t" }] },
        { mounts: [{ kind: "tmpfs", target: "/t", sizeBytes: 1 }] },
        { network: "none" },
        { network: "host" },
        { resources: { cpus: 1 } },
        { resources: { memoryBytes: 1 } },
        { resources: { pids: 1 } },
        { gpus: "optional" },
        { gpus: "required" },
        { init: true },
        { init: false },
        { privileged: true },
        { addCapabilities: ["A"] },
        { dropCapabilities: ["A"] },
        { securityOptions: ["A"] },
        { readOnlyRoot: true },
        { extraHosts: ["a:192.0.2.1"] },
        { extraHosts: ["a:192.0.2.1", "a:192.0.2.2"] },
        { extraHosts: ["a:192.0.2.2", "a:192.0.2.1"] },
      ];
      const hashes = await Promise.all(
        variants.map(async (variant) => {
          const [run, mode] = "length" in variant ? variant : [variant, "bind" as const];
          return hashOf(run, { mode });
        }),
      );
      const distinct = new Map(hashes.map((hash, index) => [hash, variants[index]]));
      assert.equal(distinct.size, variants.length, JSON.stringify([...distinct.values()]));
      for (const hash of hashes) {
        assert.match(hash, /^[0-9a-f]{64}$/);
      }
    });

    it("is each workspace's own, and says nothing of the image, the entrypoint or how long it stays", async () => {
      const hash = await hashOf();
      const other = { reference: "busybox", imageId: "sha256:2" };
      assert.equal(await hashOf({ entrypoint: ["init"], keepWarmMs: 5 }, { image: other }), hash);
      const [mine, theirs] = await Promise.all(
        [folder, join(folder, "src")].map(async (path) => hashOf({}, { mode: "none", workspace: workspaceOf(path) })),
      );
      assert.notEqual(mine, theirs);
    });
  });
});
