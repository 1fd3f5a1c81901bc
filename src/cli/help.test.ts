import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HELP } from "./help";
import { OPTIONS } from "./commandOptions";

describe("The help", () => {
  const page = readFileSync(join(__dirname, "../../docs/cli.md"), "utf8");

  for (const [command, options] of Object.entries(OPTIONS)) {
    it(`has all of slipway ${command}, and so has docs/cli.md`, () => {
      for (const text of [HELP, page]) {
        assert.match(text, new RegExp(`slipway ${command}\\b`));
        for (const name of Object.keys(options)) {
          assert.match(text, new RegExp(`--${name}\\b`), `--${name}`);
        }
      }
    });
  }
});
