import assert from "node:assert/strict";
import type { Instruction } from "./Dockerfile";
import { flagValue, mounts } from "./instructionFlags";
import { parseDockerfile } from "./parseDockerfile";

function parseOne(text: string): Instruction {
  const [instruction] = parseDockerfile(text).instructions;
  assert.ok(instruction);
  return instruction;
}

describe("flagValue", () => {
  it("finds a flag by its whole name", () => {
    const copy = parseOne("COPY --from=a --link b c");
    assert.equal(flagValue(copy, "from"), "a");
    assert.equal(flagValue(copy, "fro"), undefined);
    assert.equal(flagValue(copy, "link"), undefined);
  });
});

describe("mounts", () => {
  it("reads the settings of each mount", () => {
    const run = parseOne(`RUN --mount=Type=bind,from=a,readonly --mount=type=cache,\\"target=/b,c\\" --network=none d`);
    assert.deepEqual(
      mounts(run).map((mount) => [...mount]),
      [
        [
          ["type", "bind"],
          ["from", "a"],
          ["readonly", ""],
        ],
        [
          ["type", "cache"],
          ["target", "/b,c"],
        ],
      ],
    );
  });
});
