import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import { BindSourceError, MountError } from "../../core/errors/containerErrors";
import { EngineRequestError, NoSpaceError } from "../../core/errors/engineErrors";
import type { ContainerSpec, Mount } from "../../core/ports/ContainerTypes";
import { FakePeer, json, PODMAN, refusal } from "../../../test/peer/FakePeer";
import type { DockerodeEngine } from "../DockerodeEngine";

const MISSING = "/no/such/folder";
const CREATE = "POST /containers/create";

describe("createContainer", () => {
  let peer: FakePeer;
  let engine: DockerodeEngine;
  let folder: string;
  const create = async (mount: Partial<Extract<Mount, { kind: "bind" }>> = {}): Promise<string> => {
    const spec: ContainerSpec = {
      ...{ image: "busybox", name: "c", command: ["true"], workingDirectory: undefined },
      ...{ env: {}, labels: {}, ports: [] },
      mounts: [{ kind: "bind", source: MISSING, target: "/w", ...mount }],
    };
    return engine.createContainer(spec);
  };
  const wasAsked = (): boolean => peer.requests.some((request) => request.includes("/create"));

  beforeEach(async () => {
    peer = await FakePeer.listen();
    engine = peer.connect();
    folder = await mkdtemp(join(tmpdir(), "slipway-create-"));
    peer.answers[CREATE] = json({ Id: "f00" });
    peer.answers["GET /info"] = json({ KernelVersion: release() });
  });
  afterEach(async () => {
    await engine.close();
    await peer.close();
    await rm(folder, { recursive: true });
  });

  it("asks Docker for a folder that is not seen here, but may be there", async () => {
    assert.equal(await create(), "f00");
    peer.answers[CREATE] = refusal(
      400,
      `invalid mount config for type "bind": bind source path does not exist: ${MISSING}`,
    );
    await assert.rejects(create(), (error) => error instanceof BindSourceError && error.source === MISSING);
  });

  it("does not ask an engine that would make the folder, unless it has another machine's folders", async () => {
    await assert.rejects(create({ relabel: "shared" }), BindSourceError);
    assert.ok(!wasAsked());
    peer.answers["GET /version"] = json(PODMAN);
    const podman = peer.connect();
    await engine.close();
    engine = podman;
    await assert.rejects(create(), BindSourceError);
    assert.ok(!wasAsked());
    peer.answers["GET /info"] = json({ KernelVersion: "6.6.6-200.fc39.x86_64" });
    assert.equal(await create(), "f00");
  });

  it("does not take whatever is refused for a folder that is missing", async () => {
    for (const [status, detail, kind] of [
      [400, 'invalid port specification: "99999"', EngineRequestError],
      [400, 'invalid CapAdd: unknown capability: "CAP_NOPE"', EngineRequestError],
      [500, "mkdir /var/lib/docker/overlay2/x: no space left on device", NoSpaceError],
    ] as const) {
      peer.answers[CREATE] = refusal(status, detail);
      await assert.rejects(create({ source: folder }), kind);
    }
  });

  it("does not ask for what would be taken for another mount", async () => {
    for (const mount of [{ source: "src" }, { source: "/a:b", relabel: "shared" }, { target: "w" }] as const) {
      await assert.rejects(create(mount), MountError);
    }
    assert.ok(!wasAsked());
  });
});
