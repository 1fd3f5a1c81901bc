import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { EngineLostError, EngineRequestError, EngineTimeoutError } from "../core/errors/engineErrors";
import { callEngine } from "./callEngine";
import { RefusedCall } from "./RefusedCall";

describe("callEngine", () => {
  const call = async <T>(
    action: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
    deadlineMs = 1000,
  ): Promise<T> => callEngine({ engine: "unix:///e.sock", during: "trying", signal, deadlineMs, action });
  const never = async (): Promise<never> => new Promise(() => undefined);

  it("gives what the call gives", async () => {
    assert.equal(await call(async () => Promise.resolve(7)), 7);
  });

  it("does not wait longer than the deadline, and lets go of the connection", async () => {
    let aborted = false;
    const hanging = call(
      async (signal) => {
        signal.addEventListener("abort", () => (aborted = true));
        return never();
      },
      undefined,
      10,
    );
    await assert.rejects(hanging, EngineTimeoutError);
    assert.ok(aborted);
  });

  it("begins the deadline anew while something is sent", async () => {
    const slow = callEngine({
      engine: "unix:///e.sock",
      during: "sending",
      signal: undefined,
      deadlineMs: 30,
      action: async (_, goesOn) => {
        for (let part = 0; part < 5; part++) {
          await setTimeout(15);
          goesOn();
        }
        return "sent";
      },
    });
    assert.equal(await slow, "sent");
  });

  it("ends with the signal's reason", async () => {
    const controller = new AbortController();
    const hanging = call(never, controller.signal);
    const reason = new Error("enough");
    controller.abort(reason);
    await assert.rejects(hanging, reason);
    await assert.rejects(call(never, AbortSignal.abort(reason)), reason);
  });

  it("tells a refusal, a lost engine and an answer of another form apart", async () => {
    const refusal = new RefusedCall(409, "in use");
    await assert.rejects(
      call(async () => Promise.reject(refusal)),
      (error) => error instanceof EngineRequestError && error.status === 409 && error.detail === "in use",
    );
    await assert.rejects(
      call(async () => Promise.reject(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }))),
      EngineLostError,
    );
    await assert.rejects(
      call(async () => Promise.resolve(z.object({ Id: z.string() }).parse({}))),
      (error) => error instanceof EngineRequestError && error.detail.includes("form"),
    );
    await assert.rejects(
      call(async () => Promise.reject(new TypeError("a bug"))),
      TypeError,
    );
  });
});
