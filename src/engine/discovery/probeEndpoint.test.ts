import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineAttempt } from "../../core/errors/engineErrors";
import { candidateOf } from "./EndpointCandidate";
import { probeEndpoint } from "./probeEndpoint";

const candidate = (text: string): ReturnType<typeof candidateOf> => candidateOf({ text, source: "a test" }, {});

const VERSION = JSON.stringify({ Version: "28.5.1", ApiVersion: "1.51", Os: "linux", Arch: "amd64" });

describe("probeEndpoint", () => {
  let folder: string;
  let address: string;
  let servers: Server[];
  let sockets: Socket[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-probe-"));
    address = `unix://${join(folder, "s")}`;
    servers = [];
    sockets = [];
  });
  afterEach(async () => {
    // No connection outlives its probe.
    await Promise.all(sockets.filter((socket) => !socket.closed).map(async (socket) => once(socket, "close")));
    await Promise.all(servers.map(async (server) => new Promise((resolve) => server.close(resolve))));
    await rm(folder, { recursive: true });
  });

  async function listen(where: string | number, answer: (socket: Socket) => void): Promise<Server> {
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => undefined);
      socket.once("data", () => {
        socket.resume();
        answer(socket);
      });
    });
    servers.push(server);
    server.listen(typeof where === "number" ? { port: where, host: "127.0.0.1" } : { path: where });
    await once(server, "listening");
    return server;
  }

  const says =
    (body: string, status = "200 OK") =>
    (socket: Socket) => {
      socket.end(`HTTP/1.1 ${status}\r\nContent-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`);
    };
  async function fails(text = address): Promise<EngineAttempt> {
    const result = await probeEndpoint(candidate(text));
    assert.ok(result.kind === "failed", JSON.stringify(result));
    assert.deepEqual([result.attempt.address, result.attempt.source], [text, "a test"]);
    return result.attempt;
  }

  it("finds an engine, and tells which it is and who said where", async () => {
    await listen(join(folder, "s"), says(VERSION));
    assert.deepEqual(await probeEndpoint(candidate(address)), {
      kind: "engine",
      endpoint: { address: { kind: "unix", socketPath: join(folder, "s") }, source: "a test" },
      info: { kind: "docker", version: "28.5.1", apiVersion: "1.51", platform: "linux/amd64", rootless: false },
    });
  });

  it("finds an engine on a port of this machine", async () => {
    const server = await listen(0, says(VERSION));
    const bound = server.address();
    assert.ok(typeof bound === "object" && bound !== null);
    const result = await probeEndpoint(candidate(`tcp://127.0.0.1:${String(bound.port)}`));
    assert.equal(result.kind, "engine");
  });

  it("says that nothing listens on a port", async () => {
    const server = await listen(0, () => undefined);
    const bound = server.address();
    assert.ok(typeof bound === "object" && bound !== null);
    await new Promise((resolve) => server.close(resolve));
    servers = [];
    for (const host of ["127.0.0.1", "localhost"]) {
      assert.equal((await fails(`tcp://${host}:${String(bound.port)}`)).problem, "no-answer", host);
    }
  });

  it("says that an address is none, without trying it", async () => {
    const { problem, detail } = await fails("ftp://host.example");
    assert.equal(problem, "bad-address");
    assert.match(detail, /not supported/);
  });

  it("says that an engine is too old", async () => {
    await listen(join(folder, "s"), says(JSON.stringify({ Version: "19.03.1", ApiVersion: "1.40" })));
    const { problem, detail } = await fails();
    assert.equal(problem, "too-old");
    assert.match(detail, /docker 19\.03\.1 is too old.*1\.40.*needs 1\.41/);
  });

  it("passes on that nobody has named the place", async () => {
    const result = await probeEndpoint({ ...candidate(address), isDefault: true });
    assert.ok(result.kind === "failed" && result.attempt.isDefault === true);
  });

  it("says that there is no socket", async () => {
    assert.deepEqual(await fails(), {
      address,
      source: "a test",
      problem: "not-found",
      detail: "there is no such socket",
    });
  });

  it("says that nothing listens on a socket that was left behind", async () => {
    await listen(join(folder, "s"), () => undefined);
    await rename(join(folder, "s"), join(folder, "left"));
    await Promise.all(servers.map(async (server) => new Promise((resolve) => server.close(resolve))));
    servers = [];
    await rename(join(folder, "left"), join(folder, "s"));
    const { problem, detail } = await fails();
    assert.deepEqual([problem, detail], ["no-answer", "nothing listens there; the engine is not running"]);
  });

  it("says that what is named is a file or a folder", async () => {
    await writeFile(join(folder, "file"), "");
    for (const [path, expected] of [
      [folder, ["bad-address", "this is a folder, not a socket"]],
      [join(folder, "file"), ["bad-address", "this is a file, not a socket"]],
      [join(folder, "file/s"), ["not-found", "there is no such socket: a part of its path is a file, not a folder"]],
    ] as const) {
      const { problem, detail } = await fails(`unix://${path}`);
      assert.deepEqual([problem, detail], expected);
    }
  });

  it("says that it got no answer from what closes the connection", async () => {
    await listen(join(folder, "s"), (socket) => {
      socket.destroy();
    });
    assert.equal((await fails()).problem, "no-answer");
  });

  it("says that it got no answer from what stops in the middle of one", async () => {
    await listen(join(folder, "s"), (socket) => {
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
    });
    assert.equal((await fails()).problem, "no-answer");
  });

  for (const [what, answer] of [
    ["a web page", says("<html>hello</html>")],
    ["an empty answer", says("")],
    ["JSON of another kind", says('{"name":"registry"}')],
    ["JSON that is null", says("null")],
    ["another protocol", (socket: Socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n")],
  ] as const) {
    it(`says that what answers ${what} is not an engine`, async () => {
      await listen(join(folder, "s"), answer);
      const { problem, detail } = await fails();
      assert.deepEqual([problem, detail], ["not-an-engine", "what answers is not a container engine"]);
    });
  }

  it("passes on the words of an engine that refuses", async () => {
    await listen(join(folder, "s"), says('{"message":"client version 1.10 is too old"}', "400 Bad Request"));
    const { problem, detail } = await fails();
    assert.deepEqual([problem, detail], ["not-an-engine", "client version 1.10 is too old"]);
  });

  it("ends with the signal's own reason when aborted, before and while it waits", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    await listen(join(folder, "s"), () => {
      controller.abort(reason);
    });
    await assert.rejects(probeEndpoint(candidate(address), AbortSignal.abort(reason)), reason);
    assert.equal(sockets.length, 0);
    await assert.rejects(probeEndpoint(candidate(address), controller.signal), reason);
  });
});
