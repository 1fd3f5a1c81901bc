import assert from "node:assert/strict";
import { carriesLabels, labelFilters } from "./carriesLabels";

describe("carriesLabels", () => {
  it("wants all of them, with their values", () => {
    const labels = { a: "1", b: "" };
    assert.ok(carriesLabels(labels, {}));
    assert.ok(carriesLabels(labels, { a: "1" }));
    assert.ok(carriesLabels(labels, { a: "1", b: "" }));
    assert.ok(!carriesLabels(labels, { a: "2" }));
    assert.ok(!carriesLabels(labels, { a: "1", c: "" }));
  });
});

describe("labelFilters", () => {
  it("asks for one label, and for none where there is none", () => {
    assert.equal(labelFilters({ a: "1", b: "x=y" }), '{"label":["a=1"]}');
    assert.equal(labelFilters({}), "{}");
    assert.equal(labelFilters({}, { id: ["f"] }), '{"id":["f"]}');
  });
});
