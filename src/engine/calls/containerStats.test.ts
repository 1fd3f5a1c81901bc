import assert from "node:assert/strict";
import { ContainerNotFoundError } from "../../core/errors/containerErrors";
import { EngineRequestError } from "../../core/errors/engineErrors";
import type { ContainerStats } from "../../core/ports/ContainerTypes";
import { containerJson, FakePeer, inTurn, json, PODMAN, refusal } from "../../../test/peer/FakePeer";
import type { DockerodeEngine } from "../DockerodeEngine";

const INSPECT = "GET /containers/c/json";

describe("containerStats", () => {
  let peer: FakePeer;
  let engine: DockerodeEngine;

  beforeEach(async () => {
    peer = await FakePeer.listen();
    engine = peer.connect();
  });
  afterEach(async () => {
    await engine.close();
    await peer.close();
  });

  const line = (read: string, total_usage: number): string =>
    `${JSON.stringify({ read, cpu_stats: { cpu_usage: { total_usage } } })}\n`;
  const collect = async (): Promise<readonly ContainerStats[]> => {
    const all: ContainerStats[] = [];
    for await (const stats of engine.containerStats("c")) {
      all.push(stats);
    }
    return all;
  };

  it("ends where Docker goes on with zeros", async () => {
    peer.answers["GET /containers/c/json"] = json(containerJson({ Running: true }));
    peer.answers["GET /containers/c/stats"] = (response) => {
      response.write(line("2026-01-01T00:00:00.5Z", 1e9) + line("2026-01-01T00:00:01.5Z", 1.5e9));
      response.write(line("0001-01-01T00:00:00Z", 0));
    };
    assert.deepEqual(
      (await collect()).map(({ cpuPercent }) => cpuPercent),
      [undefined, 50],
    );
  });

  it("is nothing of a container that does not run, and an error of none", async () => {
    await assert.rejects(collect(), ContainerNotFoundError);
    peer.answers["GET /containers/c/json"] = json(containerJson({}));
    assert.deepEqual(await collect(), []);
  });

  describe("that Podman refuses", () => {
    beforeEach(() => {
      peer.answers["GET /version"] = json(PODMAN);
      peer.answers["GET /containers/c/stats"] = refusal(500);
    });

    it("end where the container does not run any more, or is gone", async () => {
      for (const then of [json(containerJson({})), refusal(404)]) {
        peer.answers[INSPECT] = inTurn(json(containerJson({ Running: true })), then);
        assert.deepEqual(await collect(), []);
      }
    });

    it("are a failure where it runs", async () => {
      peer.answers[INSPECT] = json(containerJson({ Running: true }));
      await assert.rejects(collect(), EngineRequestError);
    });
  });
});
