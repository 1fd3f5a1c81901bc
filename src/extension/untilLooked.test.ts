import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import type { ImageDecision } from "../core/image/ImageResolution";
import { ImageStatusTracker } from "../core/status/ImageStatusTracker";
import { untilLooked } from "./untilLooked";

describe("untilLooked", () => {
  let looks: number;
  let tracker: ImageStatusTracker;
  const decision = (fingerprint: string): ImageDecision => ({
    ...{ state: "fresh", reason: "", changes: [], reference: "", fingerprint, imageId: "" },
  });

  beforeEach(() => {
    looks = 0;
    tracker = new ImageStatusTracker(async () => {
      looks++;
      const fingerprint = String(looks);
      await setTimeout(10);
      return decision(fingerprint);
    });
  });

  it("looks where nobody has, and waits for it", async () => {
    await untilLooked(tracker);
    assert.equal(tracker.fingerprint, "1");
  });

  it("is content with what is known", async () => {
    await untilLooked(tracker);
    void tracker.refresh();
    await untilLooked(tracker);
    assert.equal(tracker.fingerprint, "1");
  });

  it("looks anew where that is asked for, and waits for the last look", async () => {
    await untilLooked(tracker);
    void tracker.refresh();
    const waiting = untilLooked(tracker, { anew: true });
    void tracker.refresh();
    await waiting;
    assert.equal(tracker.fingerprint, "4");
    assert.equal(tracker.current.state, "fresh");
  });
});
