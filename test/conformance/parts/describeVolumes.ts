import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { ConformanceFixture } from "../ConformanceFixture";
import { MOUNT } from "../programs/mountPrograms";

export function describeVolumes(fixture: ConformanceFixture): void {
  describe("volumes", () => {
    it("are made with labels, shared, listed and removed once nobody uses them", async () => {
      const volume = `slipway-test-${fixture.id}-${randomBytes(3).toString("hex")}`;
      const labels = { ...fixture.labels, "dev.slipway.case": "volume" };
      const mounts = [{ kind: "volume", volume, target: "/shared", labels }] as const;
      const { id: writer, code } = await fixture.runToEnd({ program: MOUNT.writeShared, mounts });
      assert.equal(code, 0);
      const { id: reader, stdout } = await fixture.runToEnd({ program: MOUNT.readShared, mounts });
      assert.equal(stdout, "shared\n");
      const listed = await fixture.engine.listVolumes({ labels });
      assert.deepEqual(
        listed.map(({ name }) => name),
        [volume],
      );
      assert.equal(listed[0]?.labels["dev.slipway.case"], "volume");
      assert.deepEqual(await fixture.engine.listVolumes({ labels: { ...labels, "dev.slipway.case": "other" } }), []);
      assert.equal(await fixture.engine.removeVolume(volume), "in-use");
      await fixture.engine.removeContainer(writer);
      await fixture.engine.removeContainer(reader);
      assert.equal(await fixture.engine.removeVolume(volume), "removed");
      assert.equal(await fixture.engine.removeVolume(volume), "not-found");
      assert.deepEqual(await fixture.engine.listVolumes({ labels }), []);
    });
  });
}
