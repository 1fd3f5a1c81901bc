import assert from "node:assert/strict";
import { EngineLostError } from "../errors/engineErrors";
import { ImageBuildError } from "../errors/imageErrors";
import type { ImageDecision, ImageResolution } from "../image/ImageResolution";
import type { JobEvent } from "../job/JobEvent";
import type { ImageStatus } from "./ImageStatus";
import { ImageStatusTracker } from "./ImageStatusTracker";

const decision = (state: ImageDecision["state"], reason: string = state): ImageDecision => ({
  state,
  reason,
  changes: state === "stale" ? [{ change: "changed", subject: "a" }] : [],
  reference: "image:tag",
  fingerprint: state === "given" ? undefined : "f",
  imageId: "sha256:1",
});
const decided = (state: ImageDecision["state"], willBuild: boolean): JobEvent => ({
  type: "decision",
  decision: decision(state),
  willBuild,
  durationMs: 1,
});
const started = (name: string): JobEvent => ({
  type: "build",
  event: { type: "step", id: name, name, state: "started" },
});
const resolved = (more: Partial<ImageResolution> = {}): JobEvent => ({
  type: "image",
  resolution: {
    reference: "image:tag",
    imageId: "sha256:1",
    fingerprint: "f",
    wasBuilt: true,
    reason: "a changed",
    ...more,
  },
});
const buildFailure = new ImageBuildError({ step: "RUN x", exitCode: 1, output: "", detail: "exit code: 1" });
const lost = new EngineLostError("unix:///x", "building");

/** Looks that the test itself answers, one after the other. */
class Looks {
  readonly pending: {
    readonly signal: AbortSignal;
    readonly answer: (decision: ImageDecision) => void;
    readonly fail: (error: Error) => void;
  }[] = [];

  readonly check = async (signal: AbortSignal): Promise<ImageDecision> =>
    new Promise((answer, fail) => {
      this.pending.push({ signal, answer, fail });
    });

  take(index: number): (typeof this.pending)[number] {
    return this.pending[index] ?? assert.fail(`there was no look ${String(index)}`);
  }
}

/** A job that goes on whenever the test says so. */
// eslint-disable-next-line @typescript-eslint/require-await -- jobs are asynchronous
async function* job(...events: readonly (JobEvent | Error)[]): AsyncGenerator<JobEvent> {
  for (const event of events) {
    if (event instanceof Error) {
      throw event;
    }
    yield event;
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

describe("ImageStatusTracker", () => {
  let looks: Looks;
  let tracker: ImageStatusTracker;
  let history: ImageStatus[];

  beforeEach(() => {
    looks = new Looks();
    tracker = new ImageStatusTracker(looks.check);
    history = [];
    tracker.onDidChange((status) => history.push(status));
  });

  const states = (): readonly string[] => history.map(({ state }) => state);
  const drain = async (events: AsyncIterable<JobEvent>): Promise<readonly JobEvent[]> => collect(events);
  /** Looks once, with this answer. */
  const settle = async (state: ImageDecision["state"]): Promise<void> => {
    const looking = tracker.refresh();
    looks.take(looks.pending.length - 1).answer(decision(state));
    await looking;
    history.length = 0;
  };

  it("knows nothing at first", () => {
    assert.deepEqual(tracker.current, { state: "unknown" });
  });

  describe("when asked to look", () => {
    for (const [state, expected] of [
      ["fresh", { state: "fresh", reason: "fresh" }],
      ["absent", { state: "absent", reason: "absent" }],
      ["stale", { state: "stale", reason: "stale", changes: 1 }],
      ["given", { state: "given", reference: "image:tag", reason: "given" }],
    ] as const) {
      it(`tells that the image is ${state}`, async () => {
        const looking = tracker.refresh();
        assert.deepEqual(tracker.current, { state: "checking" });
        looks.take(0).answer(decision(state));
        await looking;
        assert.deepEqual(history, [{ state: "checking" }, expected]);
      });
    }

    it("says why it could not, and does not reject", async () => {
      const looking = tracker.refresh();
      looks.take(0).fail(new Error("no engine"));
      await looking;
      assert.deepEqual(tracker.current, { state: "unavailable", reason: "no engine" });
    });

    it("tells a missing engine from other reasons", async () => {
      const looking = tracker.refresh();
      looks.take(0).fail(lost);
      await looking;
      assert.deepEqual(tracker.current, { state: "no-engine", reason: lost.message });
    });

    it("gives up a look that is under way, whose answer no longer counts", async () => {
      const first = tracker.refresh();
      const second = tracker.refresh();
      assert.equal(looks.take(0).signal.aborted, true);
      assert.equal(looks.take(1).signal.aborted, false);
      looks.take(1).answer(decision("fresh"));
      await second;
      looks.take(0).answer(decision("stale"));
      await first;
      assert.equal(tracker.current.state, "fresh");
    });

    it("does not show the failure of a look that was given up", async () => {
      const first = tracker.refresh();
      const second = tracker.refresh();
      looks.take(0).fail(new DOMException("aborted", "AbortError"));
      await first;
      assert.equal(tracker.current.state, "checking");
      looks.take(1).answer(decision("absent"));
      await second;
      assert.equal(tracker.current.state, "absent");
    });

    it("stops looking when it is disposed of", async () => {
      const looking = tracker.refresh();
      tracker.dispose();
      assert.equal(looks.take(0).signal.aborted, true);
      looks.take(0).answer(decision("fresh"));
      await looking;
      assert.notEqual(tracker.current.state, "fresh");
    });
  });

  it("tells nobody who does not listen any more", async () => {
    const seen: ImageStatus[] = [];
    const subscription = tracker.onDidChange((status) => {
      seen.push(status);
      subscription.dispose();
    });
    const looking = tracker.refresh();
    looks.take(0).answer(decision("fresh"));
    await looking;
    assert.deepEqual(seen, [{ state: "checking" }]);
  });

  it("knows the fingerprint of the last look or job, and forgets it when a look fails", async () => {
    assert.equal(tracker.fingerprint, undefined);
    const first = tracker.refresh();
    looks.take(0).answer(decision("stale"));
    await first;
    assert.equal(tracker.fingerprint, "f");
    await drain(tracker.follow(job(decided("stale", true), resolved({ fingerprint: "g" }))));
    assert.equal(tracker.fingerprint, "g");
    const second = tracker.refresh();
    assert.equal(tracker.fingerprint, "g");
    looks.take(1).fail(lost);
    await second;
    assert.equal(tracker.fingerprint, undefined);
    await drain(tracker.follow(job(decided("fresh", false), resolved({ fingerprint: undefined }))));
    assert.equal(tracker.fingerprint, undefined);
  });

  describe("when it follows a job", () => {
    it("passes every event on", async () => {
      const events = [
        decided("fresh", false),
        resolved({ wasBuilt: false }),
        { type: "output", stream: "stdout", data: Buffer.from("x"), text: "x" } as const,
      ];
      assert.deepEqual(await drain(tracker.follow(job(...events))), events);
    });

    it("is fresh when the job found it fresh", async () => {
      await drain(tracker.follow(job(decided("fresh", false), resolved({ wasBuilt: false, reason: "fresh: 3" }))));
      assert.deepEqual(history, [
        { state: "fresh", reason: "fresh" },
        { state: "fresh", reason: "fresh: 3" },
      ]);
    });

    it("shows each step of a build, and why it was built", async () => {
      await drain(tracker.follow(job(decided("stale", true), started("[1/2] FROM"), started("[2/2] RUN"), resolved())));
      assert.deepEqual(history, [
        { state: "building", step: undefined },
        { state: "building", step: "[1/2] FROM" },
        { state: "building", step: "[2/2] RUN" },
        { state: "fresh", reason: "built: a changed" },
      ]);
    });

    it("tells that a ready-made image is used", async () => {
      await drain(
        tracker.follow(
          job(decided("given", false), resolved({ fingerprint: undefined, wasBuilt: false, reason: "as it is" })),
        ),
      );
      assert.deepEqual(tracker.current, { state: "given", reference: "image:tag", reason: "as it is" });
    });

    it("has failed when the build fails, and the error goes on to the caller", async () => {
      await assert.rejects(
        drain(tracker.follow(job(decided("stale", true), started("RUN x"), buildFailure))),
        buildFailure,
      );
      assert.deepEqual(tracker.current, { state: "failed", reason: buildFailure.message });
    });

    it("says so when the engine went away, also in the middle of a build", async () => {
      await assert.rejects(drain(tracker.follow(job(lost))), lost);
      assert.deepEqual(tracker.current, { state: "no-engine", reason: lost.message });
      await assert.rejects(drain(tracker.follow(job(decided("stale", true), started("RUN x"), lost))), lost);
      assert.deepEqual(tracker.current, { state: "no-engine", reason: lost.message });
    });

    it("stays fresh when only the task fails", async () => {
      await assert.rejects(drain(tracker.follow(job(decided("stale", true), resolved(), lost))), lost);
      assert.equal(tracker.current.state, "fresh");
    });

    it("is what it was before when the build is cancelled", async () => {
      await settle("stale");
      const cancelled = new DOMException("cancelled", "AbortError");
      await assert.rejects(drain(tracker.follow(job(decided("stale", true), started("RUN x"), cancelled))), cancelled);
      assert.equal(tracker.current.state, "stale");
      assert.deepEqual(states(), ["building", "building", "stale"]);
    });

    it("is what it was before when the loop over the events is left, and the job ends", async () => {
      await settle("absent");
      let ended = false;
      const events = async function* (): AsyncGenerator<JobEvent> {
        try {
          yield* job(decided("absent", true), started("RUN x"), resolved());
        } finally {
          ended = true;
        }
      };
      for await (const event of tracker.follow(events())) {
        if (event.type === "build") {
          break;
        }
      }
      assert.equal(ended, true);
      assert.equal(tracker.current.state, "absent");
    });

    it("gives up a look that is under way, and looks again if the job told nothing", async () => {
      const looking = tracker.refresh();
      await drain(tracker.follow(job()));
      assert.equal(looks.take(0).signal.aborted, true);
      looks.take(0).answer(decision("fresh"));
      await looking;
      assert.equal(tracker.current.state, "checking");
      looks.take(1).answer(decision("stale"));
      await Promise.resolve();
      await Promise.resolve();
      assert.equal(tracker.current.state, "stale");
    });

    it("does not look while the job runs, but once it has ended: something changed meanwhile", async () => {
      const events = tracker.follow(job(decided("stale", true), resolved()));
      await events.next();
      await tracker.refresh();
      await tracker.refresh();
      assert.equal(looks.pending.length, 0);
      assert.equal(tracker.current.state, "building");
      await drain(events);
      assert.equal(looks.pending.length, 1);
      assert.equal(tracker.current.state, "checking");
    });

    it("does not look after a job during which nothing changed", async () => {
      await drain(tracker.follow(job(decided("stale", true), resolved())));
      await drain(tracker.follow(job(decided("fresh", false), resolved())));
      assert.equal(looks.pending.length, 0);
    });

    it("looks only after the last of several jobs", async () => {
      const one = tracker.follow(job(decided("stale", true), resolved()));
      const other = tracker.follow(job(decided("stale", true), resolved()));
      await one.next();
      await other.next();
      await tracker.refresh();
      await drain(one);
      assert.equal(looks.pending.length, 0);
      await drain(other);
      assert.equal(looks.pending.length, 1);
    });

    it("does not go on building when a second job is cancelled after the first has ended", async () => {
      const one = tracker.follow(job(decided("stale", true), resolved()));
      await one.next();
      const other = tracker.follow(job(decided("stale", true), started("RUN x")));
      await other.next();
      await drain(one);
      await other.return(undefined);
      assert.notEqual(tracker.current.state, "building");
      assert.equal(looks.pending.length, 1);
    });

    it("goes on building when a second job is cancelled while the first still builds", async () => {
      const one = tracker.follow(job(decided("stale", true), started("RUN x"), resolved()));
      await one.next();
      const other = tracker.follow(job(decided("stale", true)));
      await other.next();
      await other.return(undefined);
      assert.equal(tracker.current.state, "building");
      await drain(one);
      assert.equal(tracker.current.state, "fresh");
    });
  });
});
