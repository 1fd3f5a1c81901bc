import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { setTimeout } from "node:timers/promises";
import { inspect } from "node:util";
import { ExpectedError } from "../core/errors/ExpectedError";
import { EngineLostError, EngineRequestError, EngineTimeoutError } from "../core/errors/engineErrors";
import type { EngineKind } from "../core/ports/EngineInfo";
import { faultTable, type Fault } from "../../test/faults/faultTable";
import { engineCalls, type EngineCall } from "../../test/faults/engineCalls";
import { FaultyPeer } from "../../test/faults/FaultyPeer";
import { soundPeer } from "../../test/faults/soundPeer";
import { DEADLINES, type Deadlines } from "./Deadlines";

/** Long enough for what is answered on a busy machine, and short where the answer never comes. */
const PATIENT: Deadlines = { ...DEADLINES, unsureMs: 50 };
const SHORT: Deadlines = { answerMs: 400, longMs: 400, refusalMs: 400, unsureMs: 50 };
/** In which a call must have come to its end, its deadline included; some have several requests. */
const BOUND_MS = 8_000;
/** Who has aborted a call is told so at once. */
const AT_ONCE_MS = 100;
const LONGEST_MESSAGE = 4_096;
const FEW = ["silence", "503 with a page"];
const REASON = new Error("changed my mind");

type Outcome =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "error"; readonly error: unknown }
  | { readonly kind: "pending" };

describe("DockerodeEngine, faced with", function () {
  this.timeout(20_000);
  let elsewhere: Server;
  let visits = 0;
  let url: string;

  before(async () => {
    elsewhere = createServer((socket) => {
      visits++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${String((elsewhere.address() as AddressInfo).port)}/`;
  });
  after((done) => {
    elsewhere.close(done);
  });

  const callsOf = (kind: EngineKind, fault?: Fault): readonly EngineCall[] =>
    engineCalls.filter(
      ({ only, method }) =>
        (only === undefined || only === kind) &&
        // After each of these, the step that Podman would go on with is looked for, which takes more than a second.
        (kind === "docker" || method !== "buildImage" || FEW.some((name) => fault?.name === name)),
    );

  /** All calls at the same time, each on a peer of its own, whose fault is at one request. @returns what is wrong. */
  async function tryAll(kind: EngineKind, fault: Fault): Promise<readonly string[]> {
    const problems = await Promise.all(
      callsOf(kind, fault).map(async (call) => {
        const problem = await tryOne(kind, call, fault);
        return problem === undefined ? [] : [`${call.method} at ${call.route}: ${problem}`];
      }),
    );
    return problems.flat();
  }

  async function tryOne(kind: EngineKind, call: EngineCall, fault: Fault): Promise<string | undefined> {
    const peer = await FaultyPeer.listen({ ...soundPeer(kind), ...call.routes, [call.route]: fault.answer });
    const engine = peer.connect(fault.kind === "hangs" ? SHORT : PATIENT);
    const controller = new AbortController();
    try {
      const running = settled(call.run(engine, controller.signal));
      let outcome = await within(BOUND_MS, running, fault.kind === "hangs" && call.endless === true ? 600 : undefined);
      if (outcome.kind === "pending" && call.endless === true && fault.kind === "hangs") {
        controller.abort(REASON);
        // Podman's own step of a build is looked for and ended first.
        outcome = await within(kind === "podman" && call.method === "buildImage" ? BOUND_MS : AT_ONCE_MS, running);
        if (outcome.kind !== "error" || outcome.error !== REASON) {
          return `aborted, it was ${show(outcome)}`;
        }
      } else if (!isRight(call, fault, outcome)) {
        return show(outcome);
      }
      return await leftBy(peer, controller.signal);
    } finally {
      controller.abort();
      await engine.close();
      await peer.close();
    }
  }

  for (const kind of ["docker", "podman"] as const) {
    it(`nothing wrong, succeeds (${kind})`, async () => {
      for (const { method, run, routes, route } of callsOf(kind)) {
        const peer = await FaultyPeer.listen({ ...soundPeer(kind), ...routes });
        const engine = peer.connect(PATIENT);
        const controller = new AbortController();
        const outcome = await within(200, settled(run(engine, controller.signal)));
        const goesOn = method === "watchEvents" || method === "attachContainer" || method === "attachTerminal";
        assert.ok(outcome.kind === "value" || goesOn, `${method}: ${show(outcome)}`);
        assert.ok(goesOn || peer.requests.includes(route), `${method} does not ask ${route}: ${peer.requests.join()}`);
        controller.abort();
        await engine.close();
        await peer.close();
      }
    });

    for (const { name } of faultTable("")) {
      it(`${name} (${kind})`, async () => {
        const fault = faultTable(url).find((each) => each.name === name);
        assert.ok(fault !== undefined);
        assert.deepEqual(await tryAll(kind, fault), []);
        assert.equal(visits, 0, "a redirection was followed");
      });
    }
  }
});

/** What a call has left, once it has had a moment to tidy up. */
async function leftBy(peer: FaultyPeer, signal: AbortSignal): Promise<string | undefined> {
  const leaks = await peer.leaks();
  for (let round = 0; round < 100 && getEventListeners(signal, "abort").length > 0; round++) {
    await setTimeout(10);
  }
  const listeners = getEventListeners(signal, "abort").length;
  return leaks.length === 0 && listeners === 0
    ? undefined
    : `it leaves open ${leaks.join(", ")}, and ${String(listeners)} listeners`;
}

async function settled(call: Promise<unknown>): Promise<Outcome> {
  return call.then(
    (value): Outcome => ({ kind: "value", value }),
    (error: unknown): Outcome => ({ kind: "error", error }),
  );
}

async function within(ms: number, running: Promise<Outcome>, sooner = ms): Promise<Outcome> {
  const over = new AbortController();
  const pending = setTimeout(Math.min(ms, sooner), { kind: "pending" } as const, { signal: over.signal });
  pending.catch(() => undefined);
  try {
    return await Promise.race([running, pending]);
  } finally {
    over.abort();
  }
}

function isRight({ noticesForm, endless, accepts }: EngineCall, fault: Fault, outcome: Outcome): boolean {
  switch (outcome.kind) {
    case "pending":
      return false;
    case "value":
      return accepts?.(fault, outcome.value) === true;
    case "error": {
      const { error } = outcome;
      if (!(error instanceof ExpectedError) || error.message.length > LONGEST_MESSAGE) {
        return false;
      }
      switch (fault.kind) {
        case "hangs":
          return endless !== true && error instanceof EngineTimeoutError;
        case "lost":
          return error instanceof EngineLostError || (noticesForm === true && error instanceof EngineRequestError);
        case "unreadable":
        case "refusal":
          return !(error instanceof EngineTimeoutError);
      }
    }
  }
}

function show(outcome: Outcome): string {
  switch (outcome.kind) {
    case "pending":
      return "not over";
    case "value":
      return `a success with ${inspect(outcome.value)}`;
    case "error": {
      const { error } = outcome;
      return error instanceof Error
        ? `${error.name} ${error.message.slice(0, 200)} (${String(error.message.length)} characters)`
        : String(error);
    }
  }
}
