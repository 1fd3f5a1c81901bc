import assert from "node:assert/strict";
import { FakeContainerEngine } from "../../../../test/fake/FakeContainerEngine";
import { FakeWorkspaceImages } from "../../../../test/fake/FakeWorkspaceImages";
import { EngineLostError, EngineRequestError } from "../../errors/engineErrors";
import type { CallOptions } from "../../ports/ContainerEngine";
import { workspaceOf } from "../../Workspace";
import { buildKey } from "../buildKey";
import { cleanUpAfterBuild } from "./cleanUpAfterBuild";
import { cleanUpImages, type CleanUpOptions, type CleanUpOutcome } from "./cleanUpImages";

type Removal = Awaited<ReturnType<FakeContainerEngine["removeImage"]>>;

/** Does something of the test's own instead of a removal, or before it. */
class OddEngine extends FakeContainerEngine {
  before: ((id: string) => Promise<Removal | undefined>) | undefined;

  override async removeImage(reference: string, options: CallOptions = {}): Promise<Removal> {
    return (await this.before?.(reference)) ?? super.removeImage(reference, options);
  }
}

describe("cleanUpImages", () => {
  let engine: OddEngine;
  let images: FakeWorkspaceImages;

  beforeEach(async () => {
    engine = new OddEngine({ images: ["busybox"] });
    images = await FakeWorkspaceImages.create(engine);
  });
  afterEach(async () => {
    await images.remove();
  });

  const cleanUp = async (
    fingerprint: string | undefined,
    options: Partial<CleanUpOptions> = {},
  ): Promise<readonly CleanUpOutcome[]> => {
    const outcomes: CleanUpOutcome[] = [];
    for await (const outcome of cleanUpImages({ ...images.parts, fingerprint, keep: 0, ...options })) {
      outcomes.push(outcome);
    }
    return outcomes;
  };
  const told = (outcomes: readonly CleanUpOutcome[]): readonly string[] =>
    outcomes.map((outcome) =>
      [outcome.image.fingerprint, outcome.kind, ...(outcome.kind === "kept" ? [outcome.reason.kind] : [])].join(" "),
    );
  const isThere = async (fingerprint: string): Promise<boolean> =>
    (await engine.inspectImage(images.nameOf(fingerprint))) !== undefined;

  it("removes what is superseded, the oldest ones, and what was written down of them", async () => {
    await images.build("a", 300);
    await images.build("b", 200);
    await images.build("c", 100);
    assert.deepEqual(told(await cleanUp("c", { keep: 1 })), ["c kept current", "b kept recent", "a removed"]);
    assert.deepEqual([await isThere("a"), await isThere("b"), await isThere("c")], [false, true, true]);
    assert.deepEqual([...(await images.manifests.lastUsed()).keys()].sort(), ["b", "c"]);
  });

  it("keeps the one that the next build replaces where none is fresh", async () => {
    await images.build("a", 300);
    await images.build("b", 200);
    assert.deepEqual(told(await cleanUp(undefined)), ["b kept current", "a removed"]);
  });

  it("removes one without a name, and keeps what was written down of the other with its fingerprint", async () => {
    const first = await images.build("a", undefined);
    await images.build("a", 0, { again: true });
    assert.deepEqual(told(await cleanUp("a", { keep: 5 })), ["a kept current", "a removed"]);
    assert.equal(await engine.inspectImage(first), undefined);
    assert.deepEqual([...(await images.manifests.lastUsed()).keys()], ["a"]);
  });

  it("leaves other workspaces alone", async () => {
    const other = workspaceOf("/home/me/other");
    await images.build("a", undefined, { workspace: other });
    await images.build("b", undefined, { workspace: other });
    assert.deepEqual(await cleanUp(undefined), []);
    assert.equal((await engine.listImages({ labels: {} })).length, 3);
  });

  it("only says so in a dry run", async () => {
    await images.build("a", 300);
    await images.build("b", 200);
    assert.deepEqual(told(await cleanUp("b", { dryRun: true })), ["b kept current", "a would-remove"]);
    assert.equal(await isThere("a"), true);
  });

  it("removes nothing that was not agreed to", async () => {
    const agreed = await images.build("a", 300);
    await images.build("b", 200);
    await images.build("c", 100);
    assert.deepEqual(told(await cleanUp("c", { only: new Set([agreed]) })), [
      "c kept current",
      "b kept busy",
      "a removed",
    ]);
  });

  it("takes an image that has vanished meanwhile for gone, seen before the removal or by it", async () => {
    await images.build("a", 300);
    await images.build("b", 200);
    await images.build("c", 100);
    engine.before = async () => {
      engine.before = undefined;
      await engine.removeImage(images.nameOf("a"));
      await engine.removeImage(images.nameOf("b"));
      return undefined;
    };
    assert.deepEqual(told(await cleanUp("c")), ["c kept current", "b gone", "a gone"]);
  });

  it("keeps an image that gets another name, a container or a new user while others are removed", async () => {
    const named = await images.build("a", 500);
    await images.build("b", 400);
    await images.build("c", 300);
    await images.build("d", 200);
    await images.build("e", 100);
    engine.before = async () => {
      engine.before = undefined;
      engine.tag(named, "mine:1");
      await images.run(images.nameOf("b"), "somebody");
      await images.use("c", 0);
      return undefined;
    };
    assert.deepEqual(told(await cleanUp("e")), [
      "e kept current",
      "d removed",
      "c kept busy",
      "b kept in-use",
      "a kept named",
    ]);
  });

  it("keeps what another process is building", async () => {
    await images.build("a", 300);
    await images.build("b", 200);
    const building = await images.locks.acquire(buildKey(engine, images.nameOf("a"))).next();
    assert.ok(building.done === true);
    assert.deepEqual(told(await cleanUp("b")), ["b kept current", "a kept busy"]);
    await building.value.release();
    assert.deepEqual(told(await cleanUp("b")), ["b kept current", "a removed"]);
  });

  it("says that the engine holds on to an image, be it told so or seen afterwards", async () => {
    await images.build("a", 300);
    await images.build("b", 200);
    for (const answer of ["in-use", "removed"] as const) {
      engine.before = async () => Promise.resolve(answer);
      assert.deepEqual(told(await cleanUp("b")), ["b kept current", "a kept engine"]);
    }
  });

  it("goes on after a failure", async () => {
    const broken = await images.build("b", 300);
    await images.build("a", 400);
    await images.build("c", 200);
    engine.before = async (id) => {
      if (id === broken) {
        throw new EngineRequestError(500, "removing", "no");
      }
      return Promise.resolve(undefined);
    };
    assert.deepEqual(told(await cleanUp("c")), ["c kept current", "b failed", "a removed"]);
  });

  it("takes an image for gone that an engine fails on since somebody else is removing it", async () => {
    const leaving = await images.build("a", 300);
    await images.build("b", 200);
    engine.before = async () => {
      engine.before = undefined;
      setTimeout(() => void engine.removeImage(leaving), 20);
      return Promise.reject(new EngineRequestError(500, "removing", "layer not known"));
    };
    assert.deepEqual(told(await cleanUp("b")), ["b kept current", "a gone"]);
  });

  it("ends with the engine, and with the signal", async () => {
    await images.build("a", 300);
    await images.build("b", 200);
    await images.build("c", 100);
    const controller = new AbortController();
    engine.before = async () => {
      controller.abort(new Error("enough"));
      return Promise.resolve(undefined);
    };
    await assert.rejects(cleanUp("c", { signal: controller.signal }), /enough/);
    assert.equal(await isThere("a"), true);
    engine.lose();
    await assert.rejects(cleanUp("c"), EngineLostError);
  });
});

describe("cleanUpAfterBuild", () => {
  let engine: OddEngine;
  let images: FakeWorkspaceImages;

  beforeEach(async () => {
    engine = new OddEngine({ images: ["busybox"] });
    images = await FakeWorkspaceImages.create(engine);
    await images.build("a", 300);
    await images.build("b", 200);
  });
  afterEach(async () => {
    await images.remove();
  });

  const cleanUp = async (signal?: AbortSignal): ReturnType<typeof cleanUpAfterBuild> =>
    cleanUpAfterBuild({ ...images.parts, fingerprint: "b", keep: 0, signal });

  it("tells what it has removed", async () => {
    const { removed, warnings } = await cleanUp();
    assert.deepEqual(
      removed.map(({ fingerprint }) => fingerprint),
      ["a"],
    );
    assert.deepEqual(warnings, []);
  });

  it("leaves alone what another process has used just now, and nothing of its own", async () => {
    await images.manifests.touch("a");
    await images.manifests.touch("b");
    assert.deepEqual((await cleanUp()).removed.length, 1);
    await images.build("a", 300);
    await images.use("a", 100);
    await images.manifests.touch("b");
    assert.deepEqual((await cleanUp()).removed, []);
    const outcomes: string[] = [];
    for await (const { kind } of cleanUpImages({ ...images.parts, fingerprint: "b", keep: 0 })) {
      outcomes.push(kind);
    }
    assert.deepEqual(outcomes, ["kept", "removed"], "whoever asks for a clean-up means it");
  });

  it("makes a warning of whatever goes wrong", async () => {
    engine.before = async () => Promise.reject(new EngineRequestError(500, "removing", "no space"));
    assert.match((await cleanUp()).warnings.join(), /image a could not be removed.*no space/);
    engine.lose();
    assert.match((await cleanUp()).warnings.join(), /^Superseded images could not be removed/);
  });

  it("rejects when it is aborted", async () => {
    await assert.rejects(cleanUp(AbortSignal.abort(new Error("enough"))), /enough/);
  });
});
