import type { ConformanceFixture } from "./ConformanceFixture";

/** A container that runs throughout a describe block, for tests that do not change it. @returns its ID, in tests. */
export function sharedContainer(
  fixture: ConformanceFixture,
  overrides: () => Promise<Parameters<ConformanceFixture["start"]>[0]> = async () => Promise.resolve({}),
): () => string {
  let id = "";
  before(async () => {
    id = await fixture.start(await overrides(), { keep: true });
  });
  after(async () => {
    // Empty where it could not be started: that has been told already.
    if (id !== "") {
      await fixture.engine.removeContainer(id);
    }
  });
  return () => id;
}
