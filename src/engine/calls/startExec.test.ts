import assert from "node:assert/strict";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import type { IncomingMessage } from "node:http";
import {
  ContainerNotFoundError,
  ContainerNotRunningError,
  ExecError,
  InputClosedError,
} from "../../core/errors/containerErrors";
import { EngineLostError } from "../../core/errors/engineErrors";
import type { ExecSpec, OutputChunk } from "../../core/ports/ContainerTypes";
import type { DockerodeEngine } from "../DockerodeEngine";
import { bodyOf, containerJson, FakePeer, inTurn, json, PODMAN, refusal } from "../../../test/peer/FakePeer";

const EXEC_ID = "e".repeat(64);
const CONTAINER = "c";
const SPEC: ExecSpec = {
  command: ["cat"],
  env: { A: "b" },
  workingDirectory: "/w",
  user: "1:2",
  tty: false,
  stdin: true,
};

const frame = (kind: number, data: string): Buffer => {
  const header = Buffer.alloc(8);
  header[0] = kind;
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, Buffer.from(data)]);
};
const state = (Running: boolean, ExitCode: number | null, CanRemove = false): unknown => ({
  Running,
  ExitCode,
  CanRemove,
  ContainerID: CONTAINER,
});
const collect = async (output: AsyncIterable<OutputChunk>): Promise<string> => {
  let all = "";
  for await (const { stream, data } of output) {
    all += `${stream}: ${Buffer.from(data).toString()}`;
  }
  return all;
};

describe("startExec", () => {
  let peer: FakePeer;
  let engine: DockerodeEngine;

  beforeEach(async () => {
    peer = await FakePeer.listen();
    engine = peer.connect();
    peer.answers["POST /containers/c/exec"] = json({ Id: EXEC_ID });
    peer.answers[`GET /exec/${EXEC_ID}/json`] = json(state(false, 5));
    peer.answers["GET /containers/c/json"] = json(containerJson({ Running: true }));
  });
  afterEach(async () => {
    await engine.close();
    await peer.close();
  });

  /** What the engine does with the connection that it hands over. */
  const onUpgrade = (action: (socket: Duplex) => Promise<void> | void): void => {
    peer.upgrades[`POST /exec/${EXEC_ID}/start`] = (socket) => {
      socket.on("error", () => undefined).resume();
      void action(socket);
    };
  };

  it("says what is to be run", async () => {
    let body: unknown;
    peer.answers["POST /containers/c/exec"] = (response, request) => {
      void bodyOf(request).then((sent) => {
        body = JSON.parse(sent);
        response.writeHead(201).end(JSON.stringify({ Id: EXEC_ID }));
      });
    };
    onUpgrade((socket) => void socket.end());
    (await engine.exec(CONTAINER, SPEC)).close();
    const { DetachKeys, ...rest } = body as Record<string, unknown>;
    assert.match(String(DetachKeys), /^ctrl-@,/);
    assert.deepEqual(rest, {
      Cmd: ["cat"],
      Env: ["A=b"],
      WorkingDir: "/w",
      User: "1:2",
      Tty: false,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
  });

  it("gives the output that comes after the end of stdin", async () => {
    let start = "";
    onUpgrade((socket) => {
      socket.on("data", (data: Buffer) => (start += data.toString()));
      socket.once("end", () => socket.end(Buffer.concat([frame(1, start.slice(-5)), frame(2, "after")])));
    });
    const running = await engine.exec(CONTAINER, SPEC);
    await running.write(Buffer.from("hello"));
    await running.endInput();
    assert.equal(await collect(running.output), "stdout: hellostderr: after");
    assert.equal(await running.exitCode(), 5);
    assert.equal(start, '{"Detach":false,"Tty":false}hello');
  });

  it("holds the writer back while nobody reads, and goes on after that", async () => {
    let received = 0;
    let socket: Duplex | undefined;
    onUpgrade((connection) => {
      socket = connection;
      connection.pause();
    });
    const running = await engine.exec(CONTAINER, SPEC);
    const chunk = new Uint8Array(1 << 18);
    let written = 0;
    const writing = (async () => {
      for (; written < 40; written++) {
        await running.write(chunk);
      }
      await running.endInput();
    })();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(written < 40, String(written));
    assert.ok(socket);
    const end = once(socket, "end");
    socket.on("data", (data: Buffer) => (received += data.length)).resume();
    await writing;
    await end;
    socket.end();
    assert.ok(received >= 40 * chunk.length, String(received));
    running.close();
  });

  it("takes a terminal's output as it is", async () => {
    onUpgrade((socket) => void socket.end("\u001b[1mraw"));
    const running = await engine.exec(CONTAINER, { ...SPEC, tty: true });
    assert.equal(await collect(running.output), "stdout: \u001b[1mraw");
  });

  it("needs no connection of its own without stdin and terminal", async () => {
    peer.answers[`POST /exec/${EXEC_ID}/start`] = (response, request) => {
      void bodyOf(request).then((body) => {
        response.end(frame(1, body));
      });
    };
    const running = await engine.exec(CONTAINER, { ...SPEC, stdin: false });
    assert.equal(await collect(running.output), 'stdout: {"Detach":false,"Tty":false}');
    assert.equal(await running.exitCode(), 5);
    await assert.rejects(running.write(new Uint8Array(1)), TypeError);
    await running.endInput();
    await running.resize({ columns: 1, rows: 1 });
    running.close();
  });

  describe("when the connection breaks", () => {
    for (const stdin of [true, false]) {
      it(`ends the output, and asks for the exit code (${stdin ? "with" : "without"} stdin)`, async () => {
        onUpgrade((socket) => void socket.write(frame(1, "x"), () => socket.destroy()));
        peer.answers[`POST /exec/${EXEC_ID}/start`] = (response, request) => {
          response.write(frame(1, "x"), () => request.socket.destroy());
        };
        peer.answers[`GET /exec/${EXEC_ID}/json`] = inTurn(json(state(true, null)), json(state(false, 7)));
        const running = await engine.exec(CONTAINER, { ...SPEC, stdin });
        assert.equal(await collect(running.output), "stdout: x");
        assert.equal(await running.exitCode(), 7);
      });
    }

    it("lets nobody write any more", async () => {
      for (const [answer, kind] of [
        [json(state(true, null)), EngineLostError],
        [json(state(false, 7)), InputClosedError],
        [(_: unknown, request: IncomingMessage) => void request.socket.destroy(), EngineLostError],
      ] as const) {
        onUpgrade((socket) => void socket.destroy());
        peer.answers[`GET /exec/${EXEC_ID}/json`] = answer;
        const running = await engine.exec(CONTAINER, SPEC);
        await collect(running.output);
        await assert.rejects(running.write(new Uint8Array(1)), kind);
        await running.endInput();
      }
    });

    it("says that the engine is lost where it does not answer", async () => {
      onUpgrade((socket) => void socket.destroy());
      peer.answers[`GET /exec/${EXEC_ID}/json`] = (_, request) => request.socket.destroy();
      const running = await engine.exec(CONTAINER, SPEC);
      assert.equal(await collect(running.output), "");
      await assert.rejects(running.exitCode(), EngineLostError);
    });
  });

  it("closes the connection when it is aborted, or closed", async () => {
    const closed: Promise<unknown>[] = [];
    onUpgrade((socket) => {
      closed.push(once(socket.resume(), "close"));
    });
    const controller = new AbortController();
    const reason = new Error("enough");
    const aborted = await engine.exec(CONTAINER, SPEC, { signal: controller.signal });
    const reading = collect(aborted.output);
    controller.abort(reason);
    await assert.rejects(reading, reason);
    await assert.rejects(aborted.write(new Uint8Array(1)), reason);
    const running = await engine.exec(CONTAINER, SPEC);
    const end = collect(running.output);
    running.close();
    assert.equal(await end, "");
    await Promise.all(closed);
  });

  it("does not hold the program up when its output is left", async () => {
    onUpgrade((socket) => {
      socket.write(frame(1, "first"));
      socket.write(Buffer.concat(Array.from({ length: 64 }, () => frame(1, "x".repeat(1 << 16)))), () => socket.end());
    });
    const running = await engine.exec(CONTAINER, SPEC);
    for await (const { data } of running.output) {
      assert.ok(data.length > 0);
      break;
    }
    assert.equal(await running.exitCode(), 5);
    running.close();
  });

  describe("the exit code", () => {
    const run = async (): Promise<number> => {
      onUpgrade((socket) => void socket.end());
      const running = await engine.exec(CONTAINER, SPEC);
      try {
        await collect(running.output);
        return await running.exitCode();
      } finally {
        running.close();
      }
    };

    it("is not believed before the program has run", async () => {
      peer.answers["GET /version"] = json(PODMAN);
      peer.answers[`GET /exec/${EXEC_ID}/json`] = inTurn(
        json(state(false, 0)),
        json(state(true, 0)),
        json(state(false, 3, true)),
      );
      assert.equal(await run(), 3);
    });

    it("is known from then on, also once the engine has forgotten it", async () => {
      onUpgrade((socket) => void socket.end());
      peer.answers[`GET /exec/${EXEC_ID}/json`] = inTurn(json(state(false, 3)), refusal(404));
      const running = await engine.exec(CONTAINER, SPEC);
      assert.deepEqual([await running.exitCode(), await running.exitCode()], [3, 3]);
      running.close();
    });

    it("is unknown when the engine has forgotten it, or the container is gone", async () => {
      peer.answers[`GET /exec/${EXEC_ID}/json`] = refusal(404);
      await assert.rejects(run(), EngineLostError);
      delete peer.answers["GET /containers/c/json"];
      await assert.rejects(run(), ContainerNotFoundError);
    });

    it("is 137 when Docker takes a program that was killed for one that could not be run", async () => {
      peer.answers[`GET /exec/${EXEC_ID}/json`] = json(state(false, 126));
      assert.equal(await run(), 126);
      peer.answers["GET /containers/c/json"] = json(containerJson({}));
      assert.equal(await run(), 137);
    });

    it("is waited for no longer than until the signal", async () => {
      peer.answers[`GET /exec/${EXEC_ID}/json`] = json(state(true, null));
      onUpgrade((socket) => void socket.resume());
      const running = await engine.exec(CONTAINER, SPEC);
      const reason = new Error("enough");
      const controller = new AbortController();
      setTimeout(() => {
        controller.abort(reason);
      }, 20);
      await assert.rejects(running.exitCode({ signal: controller.signal }), reason);
      running.close();
    });
  });

  describe("a refusal", () => {
    for (const status of [404, 409, 500]) {
      it(`with ${String(status)} means what is there`, async () => {
        for (const refuses of ["POST /containers/c/exec", `POST /exec/${EXEC_ID}/start`]) {
          peer.answers["POST /containers/c/exec"] = json({ Id: EXEC_ID });
          peer.answers[refuses] = refusal(status, "no such program");
          peer.answers["GET /containers/c/json"] = json(containerJson({ Running: true }));
          const spec = { ...SPEC, stdin: false };
          await assert.rejects(
            engine.exec(CONTAINER, spec),
            (error) => error instanceof ExecError && error.detail === "no such program",
          );
          peer.answers["GET /containers/c/json"] = json(containerJson({ Running: true, Status: "paused" }));
          await assert.rejects(engine.exec(CONTAINER, spec), ContainerNotRunningError);
          peer.answers["GET /containers/c/json"] = json(containerJson({}));
          await assert.rejects(engine.exec(CONTAINER, spec), ContainerNotRunningError);
          delete peer.answers["GET /containers/c/json"];
          await assert.rejects(engine.exec(CONTAINER, spec), ContainerNotFoundError);
        }
      });
    }
  });

  it("is asked again for the terminal's size, and does not mind when it is too late", async () => {
    onUpgrade((socket) => void socket.resume());
    peer.answers[`POST /exec/${EXEC_ID}/resize`] = inTurn(refusal(500), (response) => response.writeHead(201).end());
    const running = await engine.exec(CONTAINER, { ...SPEC, tty: true });
    await running.resize({ columns: 99, rows: 33 });
    const resizes = peer.requests.filter((request) => request.includes("resize"));
    assert.deepEqual(
      resizes,
      Array.from({ length: 2 }, () => `POST /v1.51/exec/${EXEC_ID}/resize?h=33&w=99`),
    );
    peer.answers[`POST /exec/${EXEC_ID}/resize`] = refusal(404);
    await running.resize({ columns: 1, rows: 1 });
    running.close();
    await collect(running.output);
    const before = peer.requests.length;
    await running.resize({ columns: 1, rows: 1 });
    assert.equal(peer.requests.length, before);
  });
});
