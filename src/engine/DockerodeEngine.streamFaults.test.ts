import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { ExpectedError } from "../core/errors/ExpectedError";
import { EngineLostError, EngineTimeoutError } from "../core/errors/engineErrors";
import type { ContainerEngine } from "../core/ports/ContainerEngine";
import type { RunningProgram } from "../core/ports/RunningProgram";
import { engineCalls } from "../../test/faults/engineCalls";
import { drips } from "../../test/faults/faultTable";
import { FaultyPeer, type PeerRoutes } from "../../test/faults/FaultyPeer";
import { chunked, frame, inTurn, untilClosed, upgraded, type PeerAnswer } from "../../test/faults/peerAnswers";
import { CONTAINER, containerJson, EXEC_ID, execJson, soundPeer } from "../../test/faults/soundPeer";
import type { Deadlines } from "./Deadlines";

const SHORT: Deadlines = { answerMs: 400, longMs: 400, refusalMs: 400, unsureMs: 100 };
const REASON = new Error("changed my mind");
const START_EXEC = `POST /exec/${EXEC_ID}/start`;
const INSPECT_EXEC = `GET /exec/${EXEC_ID}/json`;
const INSPECT = "GET /containers/c/json";
const HALF = frame("stdout", "hello world").subarray(0, 12);
const silence: PeerAnswer = () => undefined;

describe("DockerodeEngine, whose streams", () => {
  let peer: FaultyPeer | undefined;

  const connect = async (routes: PeerRoutes, kind: "docker" | "podman" = "docker"): Promise<ContainerEngine> => {
    peer = await FaultyPeer.listen({ ...soundPeer(kind), ...routes });
    return peer.connect(SHORT);
  };
  const run = async (method: string, routes: PeerRoutes, signal = new AbortController().signal): Promise<unknown> => {
    const call = engineCalls.find((each) => each.method === method && Object.hasOwn(routes, each.route));
    assert.ok(call !== undefined, method);
    return call.run(await connect({ ...call.routes, ...routes }), signal);
  };
  const isLost = (error: unknown): boolean => error instanceof EngineLostError;

  afterEach(async () => {
    assert.deepEqual(await peer?.leaks(), []);
    await peer?.close();
    peer = undefined;
  });

  describe("come to an end before their last word", () => {
    const progress = `${JSON.stringify({ status: "Pulling fs layer", id: "x" })}\r\n`;
    const trace = `${JSON.stringify({ id: "moby.buildkit.trace", aux: "CgA=" })}\r\n`;
    const sample = `${JSON.stringify({ read: "2026-01-01T00:00:00.5Z", cpu_stats: {} })}\r\n`;

    for (const [method, route, part] of [
      ["pullImage", "POST /images/create", progress],
      ["pushImage", "POST /images/r.invalid/busybox/push", progress],
      ["buildImage", "POST /build", trace],
      ["containerStats", "GET /containers/c/stats", sample],
      ["copyFrom", "GET /containers/c/archive", "x".repeat(512)],
      ["watchEvents", "GET /events", "{}\n"],
      ["containerLogs", "GET /containers/c/logs", frame("stdout", "hello\n")],
    ] as const) {
      it(`when they break: ${method}`, async () => {
        for (const parts of [[], [part], [part, '{"status":"Pul']]) {
          // Half a line of text is no head of a frame, and so is noticed for what it is.
          await assert.rejects(
            run(method, { [route]: chunked(method === "containerLogs" ? parts.slice(0, 1) : parts, "cut") }),
            isLost,
          );
          await peer?.close();
        }
      });
    }

    for (const [method, route, part] of [
      ["pushImage", "POST /images/r.invalid/busybox/push", progress],
      ["buildImage", "POST /build", trace],
      ["copyFrom", "GET /containers/c/archive", "x".repeat(512)],
      ["watchEvents", "GET /events", "{}\n"],
    ] as const) {
      for (const [how, answer] of [
        ["as if they were whole", chunked],
        ["with the connection", untilClosed],
      ] as const) {
        it(`and end ${how}: ${method}`, async () => {
          await assert.rejects(run(method, { [route]: answer([part], "end") }), isLost);
        });
      }
    }

    it("and end as if they were whole: pullImage, where no image is there afterwards", async () => {
      const gone: PeerRoutes = { "GET /images/busybox/json": chunkedNotFound };
      await assert.rejects(run("pullImage", { ...gone, "POST /images/create": chunked([progress], "end") }), isLost);
    });

    it("are aborted while they drip", async () => {
      for (const [method, route, answer] of [
        ["pullImage", "POST /images/create", drips.chunks],
        ["buildImage", "POST /build", drips.chunks],
        ["containerLogs", "GET /containers/c/logs", drips.frames],
        ["containerStats", "GET /containers/c/stats", drips.body],
        ["copyFrom", "GET /containers/c/archive", drips.body],
        ["watchEvents", "GET /events", drips.chunks],
      ] as const) {
        const controller = new AbortController();
        const running = run(method, { [route]: answer }, controller.signal);
        running.catch(() => undefined);
        await setTimeout(100);
        controller.abort(REASON);
        const since = performance.now();
        await assert.rejects(running, (error) => error === REASON);
        assert.ok(performance.now() - since < 100, method);
        assert.deepEqual(await peer?.leaks(), []);
        await peer?.close();
      }
    });

    it("drip where the whole answer is awaited, or a refusal", async () => {
      for (const [method, route, answer] of [
        ["inspectContainer", INSPECT, drips.body],
        ["listContainers", "GET /containers/json", drips.chunks],
        ["pullImage", "POST /images/create", drips.refusal],
        ["startContainer", "POST /containers/c/start", drips.refusal],
      ] as const) {
        await assert.rejects(
          run(method, { [route]: answer }),
          (error) => error instanceof EngineTimeoutError || (isLost(error) && method === "pullImage"),
        );
        assert.deepEqual(await peer?.leaks(), []);
        await peer?.close();
      }
    });
  });

  describe("are a connection that was handed over, which", () => {
    const exec = async (routes: PeerRoutes): Promise<RunningProgram> => {
      const engine = await connect(routes);
      const spec = { command: ["cat"], env: {}, workingDirectory: undefined, user: undefined };
      return engine.exec(CONTAINER, { ...spec, tty: false, stdin: true });
    };
    const terminal = async (routes: PeerRoutes): Promise<RunningProgram> =>
      (await connect(routes)).attachTerminal(CONTAINER);
    const textOf = async ({ output }: RunningProgram): Promise<string> => {
      let text = "";
      for await (const { data } of output) {
        text += Buffer.from(data).toString();
      }
      return text;
    };

    for (const then of ["cut", "end"] as const) {
      it(`is ${then} in the middle of a frame: what came is told, and the exit code is asked for`, async () => {
        const parts = [frame("stderr", "a"), HALF];
        const program = await exec({ [START_EXEC]: upgraded(parts, then) });
        // What was on its way may be lost with the connection, never changed.
        assert.ok("ahell".startsWith(await textOf(program)));
        assert.equal(await program.exitCode(), 5);
        program.close();
      });

      it(`is ${then} when the engine is gone: there is no exit code`, async () => {
        for (const gone of [
          { [INSPECT_EXEC]: (socket) => socket.destroy() },
          { [INSPECT_EXEC]: silence },
        ] satisfies readonly PeerRoutes[]) {
          const program = await exec({ [START_EXEC]: upgraded([HALF], then), ...gone });
          await textOf(program);
          await assert.rejects(program.exitCode(), ExpectedError);
          program.close();
          assert.deepEqual(await peer?.leaks(), []);
          await peer?.close();
        }
      });
    }

    it("ends while the program is said to run for ever: the signal ends the waiting", async () => {
      const program = await exec({ [START_EXEC]: upgraded([], "end"), [INSPECT_EXEC]: execJson(true) });
      await textOf(program);
      await isAbortable(async (signal) => program.exitCode({ signal }));
      program.close();
    });

    it("ends with the program's container: it is said to run, and was killed", async () => {
      const program = await exec({
        [START_EXEC]: upgraded([], "end"),
        [INSPECT_EXEC]: execJson(true),
        [INSPECT]: containerJson(false),
      });
      await textOf(program);
      assert.equal(await program.exitCode(), 137);
      program.close();
    }).timeout(10_000);

    it("is attached: its end is none of the container's", async () => {
      const attached = { "POST /containers/c/attach": upgraded([HALF], "cut") };
      const waits = await terminal({ ...attached, "POST /containers/c/wait": silence });
      await textOf(waits);
      await isAbortable(async (signal) => waits.exitCode({ signal }));
      waits.close();
      await peer?.close();
      const runs = await terminal(attached);
      await textOf(runs);
      await isAbortable(async (signal) => runs.exitCode({ signal }));
      runs.close();
      await peer?.close();
      const lost = await terminal({
        ...attached,
        [INSPECT]: inTurn(containerJson(true), (socket) => socket.destroy()),
      });
      await textOf(lost);
      await assert.rejects(lost.exitCode(), isLost);
      lost.close();
    });

    it("stays, and breaks with the engine", async () => {
      const program = await exec({ [START_EXEC]: drips.upgrade, [INSPECT_EXEC]: execJson(true) });
      const reading = textOf(program);
      peer?.drop();
      assert.equal(await reading, "");
      await assert.rejects(async () => {
        for (;;) {
          await program.write(new Uint8Array(1 << 16));
        }
      }, isLost);
      program.close();
    });
  });
});

const chunkedNotFound: PeerAnswer = (socket) => socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");

async function isAbortable(wait: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  const waiting = wait(controller.signal);
  waiting.catch(() => undefined);
  await setTimeout(150);
  controller.abort(REASON);
  const since = performance.now();
  await assert.rejects(waiting, (error) => error === REASON);
  assert.ok(performance.now() - since < 100);
}
