import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineLostError, EngineRequestError, EngineTimeoutError } from "../core/errors/engineErrors";
import { ContextChangedError } from "../core/errors/imageErrors";
import { EngineConnection, type StreamRequest } from "./EngineConnection";

const head = (status: string, ...headers: readonly string[]): string =>
  [`HTTP/1.1 ${status}`, ...headers, "", ""].join("\r\n");
const ok = (body: string): string => head("200 OK", `Content-Length: ${String(Buffer.byteLength(body))}`) + body;
const CHUNKED = "Transfer-Encoding: chunked";
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const END = "0\r\n\r\n";

const get: StreamRequest = { method: "GET", path: "/version", during: "testing" };

describe("EngineConnection", () => {
  let folder: string;
  let server: Server | undefined;
  let connection: EngineConnection;
  let sockets: Socket[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-peer-"));
    connection = new EngineConnection({ kind: "unix", socketPath: join(folder, "s") });
    sockets = [];
  });
  afterEach(async () => {
    // Whatever happened, the client has let go of each of its connections: the peer's own side closes by itself.
    await Promise.all(sockets.filter((socket) => !socket.closed).map(async (socket) => once(socket, "close")));
    if (server !== undefined) {
      await new Promise((resolve) => server?.close(resolve));
      server = undefined;
    }
    await rm(folder, { recursive: true });
  });

  /** Listens; the handler gets each connection once the head of its request is there. */
  async function listen(answer: (socket: Socket, request: string) => void): Promise<void> {
    server = createServer((socket) => {
      sockets.push(socket);
      let request = "";
      const read = (data: Buffer): void => {
        request += data.toString("latin1");
        if (request.includes("\r\n\r\n")) {
          socket.off("data", read);
          socket.resume();
          answer(socket, request);
        }
      };
      socket.on("data", read);
      // What the client resets is no failure of the peer's.
      socket.on("error", () => undefined);
    });
    server.listen(join(folder, "s"));
    await once(server, "listening");
  }

  const read = async (request: Partial<StreamRequest> = {}): Promise<string> => connection.text({ ...get, ...request });
  const isLost = (error: unknown): boolean => {
    assert.ok(error instanceof EngineLostError, String(error));
    assert.equal(error.during, "testing");
    return true;
  };

  describe("sends", () => {
    const sent = async (request: Partial<StreamRequest>): Promise<readonly string[]> => {
      let received = "";
      await listen((socket, text) => {
        received = text;
        socket.end(ok(""));
      });
      await read(request);
      return received.split("\r\n");
    };

    it("method, path and query, with several values of one name, and without those that are undefined", async () => {
      const query = { t: ["a:1", "b&c"], q: "ä", none: undefined };
      const [line] = await sent({ path: "/build", query });
      assert.equal(line, "GET /build?t=a%3A1&t=b%26c&q=%C3%A4 HTTP/1.1");
    });

    it("no query where there is none", async () => {
      assert.equal((await sent({ query: { none: undefined } }))[0], "GET /version HTTP/1.1");
    });

    it("an empty body with a length, which Podman asks for", async () => {
      assert.ok((await sent({ method: "POST" })).includes("Content-Length: 0"));
    });

    it("headers", async () => {
      assert.ok((await sent({ headers: { "X-Registry-Auth": "abc" } })).includes("X-Registry-Auth: abc"));
    });
  });

  it("gives the whole body of an answer, characters that were cut included", async () => {
    await listen((socket) => {
      const [first, second] = [Buffer.from("é").subarray(0, 1), Buffer.from("é").subarray(1)];
      socket.write(head("200 OK", CHUNKED));
      socket.write(
        Buffer.concat([Buffer.from("1\r\n"), first, Buffer.from("\r\n1\r\n"), second, Buffer.from(`\r\n${END}`)]),
      );
    });
    assert.equal(await read(), "é");
  });

  it("passes on what comes before the answer is complete, as slowly as it comes", async () => {
    let peer: Socket | undefined;
    await listen((socket) => {
      peer = socket;
      socket.write(head("200 OK", CHUNKED) + chunk("0"));
    });
    const seen: string[] = [];
    for await (const bytes of await connection.stream({ ...get, answerWithinMs: 5_000 })) {
      seen.push(Buffer.from(bytes).toString());
      peer?.write(seen.length < 20 ? chunk(String(seen.length)) : END);
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 20 }, (_, index) => String(index)),
    );
  });

  it("takes an answer that ends with the connection", async () => {
    await listen((socket) => {
      socket.end(`${head("200 OK", "Connection: close")}hello`);
    });
    assert.equal(await read(), "hello");
  });

  describe("says that the engine is lost when", () => {
    it("there is no socket", async () => {
      await assert.rejects(
        read(),
        (error) => isLost(error) && (error as EngineLostError & { cause: { code: string } }).cause.code === "ENOENT",
      );
    });

    it("nothing listens", async () => {
      await listen(() => undefined);
      const path = join(folder, "s");
      // A socket's file that its program left behind: made here by listening under another name.
      const { rename } = await import("node:fs/promises");
      await rename(path, join(folder, "left"));
      await new Promise((resolve) => server?.close(resolve));
      server = undefined;
      await rename(join(folder, "left"), path);
      await assert.rejects(
        read(),
        (error) =>
          isLost(error) && (error as EngineLostError & { cause: { code: string } }).cause.code === "ECONNREFUSED",
      );
    });

    it("it closes the connection instead of answering", async () => {
      await listen((socket) => {
        socket.destroy();
      });
      await assert.rejects(read(), isLost);
    });

    it("it closes the connection in the middle of the head", async () => {
      await listen((socket) => {
        socket.end("HTTP/1.1 200 OK\r\nContent-Le");
      });
      await assert.rejects(read(), isLost);
    });

    it("it speaks something else", async () => {
      await listen((socket) => {
        socket.end("SSH-2.0-OpenSSH_9.6\r\n");
      });
      await assert.rejects(read(), isLost);
    });

    for (const [what, body] of [
      ["right after the head of a sized answer", head("200 OK", "Content-Length: 5")],
      ["right after the head of a chunked answer", head("200 OK", CHUNKED)],
      ["in the middle of a sized answer", `${head("200 OK", "Content-Length: 5")}he`],
      ["between two chunks", head("200 OK", CHUNKED) + chunk("hello")],
      ["in the middle of a chunk", `${head("200 OK", CHUNKED)}5\r\nhe`],
    ] as const) {
      it(`it closes the connection ${what}`, async () => {
        await listen((socket) => {
          socket.end(body);
        });
        await assert.rejects(read(), isLost);
      });
    }

    it("it dies after some of the answer, which has been passed on", async () => {
      await listen((socket) => {
        socket.write(head("200 OK", CHUNKED) + chunk("hello"));
      });
      const seen: string[] = [];
      await assert.rejects(async () => {
        for await (const bytes of await connection.stream(get)) {
          seen.push(Buffer.from(bytes).toString());
          sockets[0]?.destroy();
        }
      }, isLost);
      assert.deepEqual(seen, ["hello"]);
    });
  });

  describe("gives the engine's own words when it refuses", () => {
    for (const [what, status, body, detail] of [
      ["in JSON", "500 Internal Server Error", '{"message":"no space left on device"}', "no space left on device"],
      ["in text", "404 Not Found", "page not found\n", "page not found"],
      ["in JSON of another shape", "409 Conflict", '{"cause":"in use"}', '{"cause":"in use"}'],
      ["by a redirect", "301 Moved Permanently", "moved", "moved"],
    ] as const) {
      it(what, async () => {
        await listen((socket) => {
          socket.end(ok(body).replace("200 OK", status));
        });
        await assert.rejects(read(), (error) => {
          assert.ok(error instanceof EngineRequestError, String(error));
          assert.deepEqual([error.status, error.during, error.detail], [Number(status.slice(0, 3)), "testing", detail]);
          return true;
        });
      });
    }

    it("without any words", async () => {
      await listen((socket) => {
        socket.end(ok("").replace("200 OK", "500 Oops"));
      });
      await assert.rejects(read(), EngineRequestError);
    });

    it("before it has read the whole body", async () => {
      let peer: Socket | undefined;
      let produced = 0;
      await listen((socket) => {
        peer = socket;
        socket.end(ok('{"message":"no such image"}').replace("200 OK", "404 Not Found"));
      });
      const body = async function* (): AsyncGenerator<Uint8Array> {
        for (; produced < 10_000; produced++) {
          yield Buffer.alloc(1 << 16);
          await new Promise(setImmediate);
        }
      };
      await assert.rejects(read({ method: "POST", body: body() }), /no such image/);
      assert.ok(peer !== undefined && produced < 10_000, "the rest was not sent");
    });
  });

  describe("when the engine is slow", () => {
    it("gives up once the deadline has passed without an answer", async () => {
      await listen(() => undefined);
      await assert.rejects(read({ answerWithinMs: 20 }), (error) => {
        assert.ok(error instanceof EngineTimeoutError, String(error));
        assert.deepEqual([error.deadlineMs, error.during], [20, "testing"]);
        return true;
      });
      await assert.rejects(connection.stream({ ...get, answerWithinMs: 20 }), EngineTimeoutError);
    });

    it("gives up on an answer that is read whole and stops in the middle", async () => {
      await listen((socket) => {
        socket.write(`${head("200 OK", "Content-Length: 5")}he`);
      });
      await assert.rejects(read({ answerWithinMs: 20 }), (error) => {
        assert.ok(error instanceof EngineTimeoutError, String(error));
        assert.deepEqual([error.deadlineMs, error.during], [20, "testing"]);
        return true;
      });
    });

    it("gives up on a refusal that is not said to its end", async () => {
      await listen((socket) => {
        socket.write(`${head("500 Oops", "Content-Length: 5")}he`);
      });
      await assert.rejects(read({ answerWithinMs: 20 }), EngineTimeoutError);
    });

    it("has no deadline for a stream that has begun", async () => {
      await listen((socket) => {
        socket.write(head("200 OK", CHUNKED));
        setTimeout(() => socket.write(chunk("late") + END), 40);
      });
      const parts: Uint8Array[] = [];
      for await (const part of await connection.stream({ ...get, answerWithinMs: 20 })) {
        parts.push(part);
      }
      assert.equal(Buffer.concat(parts).toString(), "late");
    });
  });

  describe("ends with the signal's own reason when aborted", () => {
    const reason = new Error("enough");

    it("before it begins: nothing is asked", async () => {
      await listen((socket) => {
        socket.end(ok("x"));
      });
      await assert.rejects(read({ signal: AbortSignal.abort(reason) }), reason);
      assert.equal(sockets.length, 0);
    });

    it("while it waits for the answer", async () => {
      const controller = new AbortController();
      await listen(() => {
        controller.abort(reason);
      });
      await assert.rejects(read({ signal: controller.signal }), reason);
      await assert.rejects(read({ signal: controller.signal, answerWithinMs: 1000 }), reason);
    });

    it("while it waits for the answer under a deadline", async () => {
      const controller = new AbortController();
      await listen(() => {
        controller.abort(reason);
      });
      await assert.rejects(read({ signal: controller.signal, answerWithinMs: 5000 }), reason);
    });

    it("while it waits for more of a stream", async () => {
      const controller = new AbortController();
      await listen((socket) => {
        socket.write(head("200 OK", CHUNKED) + chunk("hello"));
      });
      const seen: string[] = [];
      await assert.rejects(async () => {
        for await (const bytes of await connection.stream({ ...get, signal: controller.signal })) {
          seen.push(Buffer.from(bytes).toString());
          controller.abort(reason);
        }
      }, reason);
      assert.deepEqual(seen, ["hello"]);
    });

    it("while it sends", async () => {
      const controller = new AbortController();
      await listen(() => undefined);
      let givenBack: (() => void) | undefined;
      const end = new Promise<void>((resolve) => {
        givenBack = resolve;
      });
      const body = async function* (): AsyncGenerator<Uint8Array> {
        try {
          for (let index = 0; ; index++) {
            yield Buffer.from("x");
            await new Promise(setImmediate);
            if (index === 3) {
              controller.abort(reason);
            }
          }
        } finally {
          givenBack?.();
        }
      };
      await assert.rejects(read({ method: "POST", body: body(), signal: controller.signal }), reason);
      await end;
    });

    it("and not after its end", async () => {
      const controller = new AbortController();
      await listen((socket) => {
        socket.end(ok("x"));
      });
      assert.equal(await read({ signal: controller.signal }), "x");
      controller.abort(reason);
    });
  });

  it("closes the connection when the loop over a stream is left", async () => {
    await listen((socket) => {
      socket.write(head("200 OK", CHUNKED) + chunk("hello"));
    });
    for await (const bytes of await connection.stream(get)) {
      assert.ok(bytes.length > 0);
      break;
    }
    const [socket] = sockets;
    assert.ok(socket !== undefined);
    if (!socket.closed) {
      await once(socket, "close");
    }
  });

  describe("with a body", () => {
    /** Reads the request to its end, and answers with what came as its body. */
    async function echo(): Promise<void> {
      await rm(join(folder, "s"), { force: true });
      const { createServer: createHttpServer } = await import("node:http");
      const http = createHttpServer((request, response) => {
        sockets.push(request.socket);
        let size = 0;
        request.on("data", (data: Buffer) => (size += data.length));
        request.on("error", () => undefined);
        request.on("end", () => response.end(String(size)));
      });
      server = http;
      http.listen(join(folder, "s"));
      await once(http, "listening");
    }

    it("sends all of it", async () => {
      await echo();
      const body = async function* (): AsyncGenerator<Uint8Array> {
        for (let index = 0; index < 64; index++) {
          await Promise.resolve();
          yield Buffer.alloc(1 << 16);
        }
      };
      assert.equal(await read({ method: "POST", body: body() }), String(64 << 16));
    });

    it("fails as the body does, and lets go of the connection", async () => {
      await echo();
      const failure = new ContextChangedError("a.txt");
      const body = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.from("x");
        await new Promise(setImmediate);
        throw failure;
      };
      await assert.rejects(read({ method: "POST", body: body() }), failure);
    });

    it("fails as the body does at once", async () => {
      await echo();
      const failure = new ContextChangedError("a.txt");
      // eslint-disable-next-line @typescript-eslint/require-await, require-yield -- it fails before it has anything
      const body = async function* (): AsyncGenerator<Uint8Array> {
        throw failure;
      };
      await assert.rejects(read({ method: "POST", body: body() }), failure);
    });

    it("fails as the body does also after the answer has begun", async () => {
      const failure = new ContextChangedError("a.txt");
      let goOn: (() => void) | undefined;
      const begun = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      await listen((socket) => {
        socket.write(head("200 OK", CHUNKED) + chunk("hello"));
      });
      const body = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.from("x");
        await begun;
        throw failure;
      };
      await assert.rejects(async () => {
        for await (const bytes of await connection.stream({ ...get, method: "POST", body: body() })) {
          assert.equal(Buffer.from(bytes).toString(), "hello");
          goOn?.();
        }
      }, failure);
    });
  });
});
