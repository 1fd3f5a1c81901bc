import assert from "node:assert/strict";
import { FakeContainerEngine } from "../../../test/fake/FakeContainerEngine";
import { EngineRequestError, NoSpaceError } from "../errors/engineErrors";
import { ImageNotFoundError, RegistryAuthError } from "../errors/imageErrors";
import type { CollectedInputs } from "../fingerprint/collectBuildInputs";
import type { BuildEvent } from "../ports/BuildEvent";
import { pullBaseImages } from "./pullBaseImages";

const UNREACHABLE = new EngineRequestError(500, "pulling busybox", "dial tcp: connection refused");

describe("pullBaseImages, where an image cannot be pulled", () => {
  const pull = async (failure: Error, images: readonly string[]): Promise<readonly BuildEvent[]> => {
    const engine = new FakeContainerEngine({ images: [...images] });
    // eslint-disable-next-line require-yield -- it fails before it has come that far
    engine.pullImage = async function* () {
      await Promise.resolve();
      throw failure;
    };
    const baseImages = [{ reference: "busybox", known: true, platform: undefined, line: 3 }];
    const collected = { baseImages, dockerfileName: "Dockerfile" } as unknown as CollectedInputs;
    const events: BuildEvent[] = [];
    for await (const event of pullBaseImages(engine, collected, { policy: "always" })) {
      events.push(event);
    }
    return events;
  };

  for (const failure of [
    UNREACHABLE,
    new ImageNotFoundError("busybox", "unknown"),
    new RegistryAuthError("a", "r", "no"),
  ]) {
    it(`uses the local one with a warning: ${failure.name}`, async () => {
      const [event] = await pull(failure, ["busybox"]);
      assert.equal(event?.type, "warning");
    });
  }

  it("names the line that asks for it, where there is none here", async () => {
    await assert.rejects(pull(new ImageNotFoundError("busybox", "unknown"), []), /Dockerfile:3/);
    await assert.rejects(pull(UNREACHABLE, []), /busybox \(Dockerfile:3\) .*could not be pulled: dial tcp/);
  });

  it("fails with what is wrong with the engine, whatever is here", async () => {
    const failure = new NoSpaceError("unix:///e", "pulling busybox", "no space left on device");
    await assert.rejects(pull(failure, ["busybox"]), failure);
  });
});
