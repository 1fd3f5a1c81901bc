"use strict";

const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

/** Shows what mocha's own reporter shows, and leaves the numbers for scripts/test.mjs. */
module.exports = class SlipwayReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const pendingTitles = [];
    runner.on("pending", (test) => pendingTitles.push(test.fullTitle()));
    runner.once("end", () => {
      const file = process.env.SLIPWAY_TEST_REPORT;
      if (!file) return;
      const { passes, failures, pending } = this.stats;
      writeFileSync(file, JSON.stringify({ passes, failures, pending, pendingTitles }));
    });
  }
};
