import assert from "node:assert/strict";
import type { EngineEvent } from "../../../src/core/ports/ContainerTypes";
import type { ConformanceFixture } from "../ConformanceFixture";
import { EventWatcher } from "../EventWatcher";
import { BASIC } from "../programs/basicPrograms";

export function describeEvents(fixture: ConformanceFixture): void {
  describe("events", () => {
    const actionsOf = (events: readonly EngineEvent[], id: string): readonly string[] =>
      events.flatMap((event) =>
        event.kind === "container" && event.id === id && event.action !== "other" ? [event.action] : [],
      );
    const isEndOf =
      (id: string) =>
      (event: EngineEvent): boolean =>
        event.kind === "container" && event.id === id && event.action === "destroy";

    it("tell what happens to containers with the labels, from the first moment on, to all who listen", async () => {
      const labels = { ...fixture.labels, "dev.slipway.case": "watched" };
      const watchers = [1, 2].map(() => new EventWatcher(fixture.engine, labels));
      try {
        await Promise.all(watchers.map(async (watcher) => watcher.listening()));
        const id = await fixture.create({ program: BASIC.ok, labels });
        const other = await fixture.create();
        await fixture.engine.startContainer(id);
        await fixture.engine.waitForExit(id);
        const killed = await fixture.start({ program: BASIC.sleep, labels });
        await fixture.engine.killContainer(killed, { unixSignal: "SIGKILL" });
        await fixture.engine.waitForExit(killed);
        await fixture.engine.removeContainer(killed);
        await fixture.engine.removeContainer(other);
        await fixture.engine.removeContainer(id);
        for (const watcher of watchers) {
          await watcher.seen(isEndOf(id));
          assert.deepEqual(watcher.events[0], { kind: "listening" });
          assert.deepEqual(actionsOf(watcher.events, id), ["create", "start", "die", "destroy"]);
          assert.deepEqual(actionsOf(watcher.events, killed), ["create", "start", "die", "destroy"]);
          assert.ok(watcher.events.every((event) => event.kind !== "container" || [id, killed].includes(event.id)));
        }
      } finally {
        await Promise.all(watchers.map(async (watcher) => watcher.stop()));
      }
    });

    it("tell what happens to images", async () => {
      const reference = fixture.newReference();
      const tag = await fixture.build("FROM busybox\nLABEL watched=1\n");
      const image = await fixture.engine.inspectImage(tag);
      const watcher = new EventWatcher(fixture.engine, fixture.labels);
      const isOfImage = (event: EngineEvent, ...actions: readonly string[]): boolean =>
        event.kind === "image" &&
        actions.includes(event.action) &&
        (event.reference.includes(reference) ||
          (image?.id.includes(event.reference) ?? false) ||
          event.reference === image?.id);
      try {
        await watcher.listening();
        await fixture.engine.tagImage(tag, reference);
        await watcher.seen((event) => isOfImage(event, "tagged"));
        await fixture.engine.removeImage(reference);
        await watcher.seen((event) => isOfImage(event, "untagged", "removed"));
      } finally {
        await watcher.stop();
      }
    });

    it("end with the signal's reason", async () => {
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      const watching = (async (): Promise<void> => {
        for await (const event of fixture.engine.watchEvents({ labels: fixture.labels, signal: controller.signal })) {
          if (event.kind === "listening") {
            controller.abort(reason);
          }
        }
      })();
      await assert.rejects(watching, reason);
    });
  });
}
