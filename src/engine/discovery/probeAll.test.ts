import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { candidateOf, type EndpointCandidate } from "./EndpointCandidate";
import { probeAll } from "./probeAll";

const VERSION = JSON.stringify({ Version: "28.5.1", ApiVersion: "1.51" });

describe("probeAll", () => {
  let folder: string;
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  const candidate = (name: string): EndpointCandidate =>
    candidateOf({ text: `unix://${join(folder, name)}`, source: name }, {});

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-probes-"));
  });
  afterEach(async () => {
    await Promise.all(sockets.splice(0).map(async (socket) => (socket.closed ? undefined : once(socket, "close"))));
    await Promise.all(servers.splice(0).map(async (server) => new Promise((resolve) => server.close(resolve))));
    await rm(folder, { recursive: true });
  });

  /** Listens; each request is answered by the caller. */
  async function listen(name: string, asked: (answer: () => void) => void): Promise<void> {
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => undefined);
      socket.resume().once("data", () => {
        asked(() => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${String(VERSION.length)}\r\n\r\n${VERSION}`));
      });
    });
    servers.push(server.listen(join(folder, name)));
    await once(server, "listening");
  }

  it("asks all at the same time, and gives the answers in the order of the places", async () => {
    const waiting: (() => void)[] = [];
    // Each answers only when both have been asked, the second one first.
    const asked = (answer: () => void): void => {
      waiting.unshift(answer);
      if (waiting.length === 2) {
        waiting.forEach((each) => {
          each();
        });
      }
    };
    await listen("a", asked);
    await listen("b", asked);
    const found: (readonly string[])[] = [];
    for await (const { candidate: each, result } of probeAll(["a", "none", "b"].map(candidate))) {
      found.push([each.source, result.kind]);
    }
    assert.deepEqual(found, [
      ["a", "engine"],
      ["none", "failed"],
      ["b", "engine"],
    ]);
  });

  it("leaves the others when one is enough", async () => {
    await listen("a", (answer) => {
      answer();
    });
    await listen("silent", () => undefined);
    for await (const { result } of probeAll(["a", "silent"].map(candidate))) {
      assert.equal(result.kind, "engine");
      break;
    }
  });

  it("ends with the signal's reason when aborted", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    await listen("silent", () => {
      controller.abort(reason);
    });
    await assert.rejects(probeAll(["silent", "none"].map(candidate), controller.signal).next(), reason);
  });
});
