import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { slipwaySchema } from "./slipwaySchema";

const contributed = JSON.parse(
  readFileSync(new URL("../../../schemas/slipway.schema.json", import.meta.url), "utf8"),
) as unknown;

describe("slipwaySchema", () => {
  it("is what schemas/slipway.schema.json holds (if not: npm run schema)", () => {
    assert.deepEqual(contributed, JSON.parse(JSON.stringify(slipwaySchema())), "Run: npm run schema");
  });

  it("tells editors that unknown keys are mistakes, and that comments are not", () => {
    const schema = slipwaySchema();
    assert.equal(schema["additionalProperties"], false);
    assert.equal(schema["allowComments"], true);
    assert.equal(schema["allowTrailingCommas"], true);
  });
});
