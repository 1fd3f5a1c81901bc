import assert from "node:assert/strict";
import { parseStopReport, STEP_VARIABLE, STOP_COMMAND, STOP_VARIABLES } from "./stopScript";

describe("the script that stops steps", () => {
  it("knows its variables by the names that it is given", () => {
    const [, , script = ""] = STOP_COMMAND;
    for (const name of [STEP_VARIABLE, ...Object.values(STOP_VARIABLES)]) {
      assert.match(script, new RegExp(`\\b${name}\\b`));
    }
  });

  it("is understood when it has come to its end, and only then", () => {
    const whole = "family 12 15 \nothers 0:0 1000:100\nleft 1\ndenied 2\n";
    assert.deepEqual(parseStopReport(whole), { family: "12 15", others: ["0:0", "1000:100"], left: 3 });
    assert.deepEqual(parseStopReport("family \nothers\nleft 0\ndenied 0\n"), { family: "", others: [], left: 0 });
    for (let length = 0; length < whole.length; length++) {
      assert.equal(parseStopReport(whole.slice(0, length)), undefined);
    }
    assert.equal(parseStopReport(`sh: not found\n${whole}`), undefined);
  });
});
