"use strict";

const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

/** How long a process may live on after its last test, in milliseconds. */
const LEFT_OPEN_AFTER_MS = 15_000;

/** Shows what mocha's own reporter shows, and leaves the numbers for scripts/test.mjs. */
module.exports = class SlipwayReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const pendingTitles = [];
    runner.on("pending", (test) => pendingTitles.push(test.fullTitle()));
    runner.once("end", () => {
      failWhenLeftOpen();
      const file = process.env.SLIPWAY_TEST_REPORT;
      if (!file) return;
      const { passes, failures, pending } = this.stats;
      writeFileSync(file, JSON.stringify({ passes, failures, pending, pendingTitles }));
    });
  }
};

/** A socket or a timer that a test has left open would keep the process alive for ever: that is a failure, too. */
function failWhenLeftOpen() {
  setTimeout(() => {
    console.error(`Still open after the last test: ${process.getActiveResourcesInfo().join(", ")}`);
    process.exit(1);
  }, LEFT_OPEN_AFTER_MS).unref();
}
