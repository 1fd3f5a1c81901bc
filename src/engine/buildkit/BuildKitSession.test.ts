import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";
import { mkdtemp, rm } from "node:fs/promises";
import type { Duplex } from "node:stream";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { EngineLostError, EngineRequestError, EngineTimeoutError } from "../../core/errors/engineErrors";
import { EngineConnection } from "../EngineConnection";
import { noCredentials } from "../credentials/RegistryCredentials";
import { authService } from "./authService";
import { BuildKitSession } from "./BuildKitSession";
import { fileSyncService } from "./fileSyncService";
import { healthService } from "./healthService";
import { hijack, type HijackRequest } from "../hijack";

describe("BuildKitSession", () => {
  let folder: string;
  let engine: Server;
  let connection: EngineConnection;
  let sockets: Duplex[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-engine-"));
    engine = createServer();
    sockets = [];
    engine.on("connection", (socket) => sockets.push(socket));
    const socketPath = join(folder, "engine.sock");
    await new Promise<void>((resolve) => engine.listen(socketPath, resolve));
    connection = new EngineConnection({ kind: "unix", socketPath });
  });
  afterEach(async () => {
    // Whatever happened, nothing of it is left.
    await Promise.all(sockets.filter(({ closed }) => !closed).map(async (socket) => once(socket, "close")));
    engine.close();
    await rm(folder, { recursive: true });
  });

  /** Takes the session as the daemon does: as the client of the gRPC server at its other end. */
  const daemon = async (): Promise<{ readonly client: ClientHttp2Session; readonly head: IncomingMessage }> =>
    new Promise((resolve) => {
      engine.once("upgrade", (head, socket) => {
        socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
        const client = connect("http://session", { createConnection: () => socket });
        client.on("error", () => undefined);
        resolve({ client, head });
      });
    });
  const call = async (
    client: ClientHttp2Session,
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: string; readonly bytes: string }> => {
    const stream = client.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
    });
    stream.end(Buffer.alloc(5));
    let status = "";
    stream.on("response", (first: IncomingHttpHeaders) => {
      status = String(first["grpc-status"] ?? status);
    });
    stream.on("trailers", (last: IncomingHttpHeaders) => {
      status = String(last["grpc-status"] ?? status);
    });
    const parts: Uint8Array[] = [];
    for await (const part of stream as AsyncIterable<Uint8Array>) {
      parts.push(part);
    }
    return { status, bytes: Buffer.concat(parts).toString("hex") };
  };
  const services = [
    healthService(),
    authService(noCredentials, {}),
    fileSyncService({ folders: new Map(), onFailure: () => assert.fail("nothing can fail") }),
  ];
  const open = async (): Promise<{
    readonly session: BuildKitSession;
    readonly client: ClientHttp2Session;
    readonly head: IncomingMessage;
  }> => {
    const taken = daemon();
    const session = await BuildKitSession.open({ connection, sharedKey: "key", services });
    return { session, ...(await taken) };
  };

  it("says who it is and what it serves", async () => {
    const { session, head } = await open();
    assert.equal(head.url, "/session");
    assert.equal(head.headers["x-docker-expose-session-uuid"], session.id);
    assert.equal(head.headers["x-docker-expose-session-sharedkey"], "key");
    const methods = head.rawHeaders.filter((_, index, all) => all[index - 1]?.endsWith("Grpc-Method"));
    assert.deepEqual(methods, [
      "/grpc.health.v1.Health/Check",
      "/moby.filesync.v1.Auth/Credentials",
      "/moby.filesync.v1.FileSync/DiffCopy",
    ]);
    await session.close();
  });

  it("is in good health, has no credentials and no folders that it was not given", async () => {
    const { session, client } = await open();
    assert.deepEqual(await call(client, "/grpc.health.v1.Health/Check"), { status: "0", bytes: "00000000020801" });
    assert.deepEqual(await call(client, "/moby.filesync.v1.Auth/Credentials"), { status: "0", bytes: "0000000000" });
    assert.equal((await call(client, "/moby.filesync.v1.FileSync/DiffCopy", { "dir-name": "etc" })).status, "5");
    assert.equal((await call(client, "/moby.buildkit.secrets.v1.Secrets/GetSecret")).status, "12");
    await session.close();
  });

  it("closes its connection, also when it has broken before and when calls are under way", async () => {
    const broken = await open();
    broken.client.destroy();
    await setTimeout(10);
    await broken.session.close();
    await broken.session.close();
    const busy = await open();
    busy.client
      .request({ ":method": "POST", ":path": "/moby.filesync.v1.FileSync/DiffCopy", "dir-name": "context" })
      .on("error", () => undefined);
    await setTimeout(10);
    await busy.session.close();
    assert.ok(busy.client.closed || busy.client.destroyed || (await once(busy.client, "close")).length >= 0);
  });

  describe("that cannot be opened", () => {
    const ask = async (more: Partial<HijackRequest> = {}): Promise<Duplex> =>
      hijack({
        connection,
        path: "/session",
        protocol: "h2c",
        headers: {},
        during: "testing",
        answerWithinMs: 5_000,
        ...more,
      });

    it("says what the engine says", async () => {
      engine.on("upgrade", (_head, socket) => {
        socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 23\r\n\r\n{"message":"not found"}');
      });
      await assert.rejects(
        ask(),
        (error) => error instanceof EngineRequestError && error.status === 404 && error.detail === "not found",
      );
    });

    it("says that the engine is gone", async () => {
      engine.on("upgrade", (_head, socket) => socket.destroy());
      await assert.rejects(ask(), EngineLostError);
      const nowhere = new EngineConnection({ kind: "unix", socketPath: join(folder, "no.sock") });
      await assert.rejects(ask({ connection: nowhere }), EngineLostError);
      engine.removeAllListeners("upgrade");
      engine.on("upgrade", (_head, socket) => {
        socket.end("HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\n{");
      });
      await assert.rejects(ask(), EngineLostError);
    });

    it("waits no longer than it should, or than it is wanted", async () => {
      engine.on("upgrade", (_head, socket) => {
        socket.resume().once("end", () => socket.end());
      });
      await assert.rejects(ask({ answerWithinMs: 30 }), EngineTimeoutError);
      const reason = new Error("enough");
      const controller = new AbortController();
      const asking = ask({ signal: controller.signal });
      await setTimeout(20);
      controller.abort(reason);
      await assert.rejects(asking, reason);
      await assert.rejects(ask({ signal: controller.signal }), reason);
    });
  });
});
