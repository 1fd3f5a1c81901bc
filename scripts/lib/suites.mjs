import { readFileSync, rmSync } from "node:fs";
import { cachePath, root } from "./cache.mjs";
import { execute } from "./run.mjs";

const mocha = (kind) => [process.execPath, "scripts/mocha.mjs", kind];

/**
 * What npm test runs, in this order. A suite with `isOneTest` counts as one test; the others leave a report.
 * `minutes` is longer than it ever takes, 10 unless it says otherwise; one that hangs is not to hang the whole.
 * @type {Record<string, { title: string, argv: string[], needs: string[], isOneTest?: true, minutes?: number }>}
 */
export const suites = {
  lint: { title: "lint", argv: ["npm", "run", "lint"], needs: [], isOneTest: true },
  package: { title: "package (.vsix)", argv: ["npm", "run", "package"], needs: [], isOneTest: true },
  unit: { title: "unit tests", argv: mocha("unit"), needs: [] },
  integration: {
    title: "tests on real engines",
    argv: mocha("integration"),
    needs: ["engines", "servers"],
    minutes: 24,
  },
  vscode: {
    title: "tests in the extension host of a real VS Code",
    argv: ["node_modules/.bin/tsx", "test/vscode/runHostTests.ts"],
    needs: ["engines", "vsix", "vscode", "chromium"],
  },
  ui: {
    title: "tests through the window of a real VS Code",
    argv: mocha("ui"),
    needs: ["engines", "nodeImage", "vsix", "vscode", "chromium"],
  },
};

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Runs one suite, showing its output.
 * @param {string} name
 * @param {Record<string, string>} env
 * @returns {Promise<{ passed: number, failed: number, pending: string[], problem?: string }>}
 */
export async function runSuite(name, env) {
  const { argv, isOneTest, minutes = 10 } = suites[name];
  const timeout = minutes * 60_000;
  const reportFile = cachePath("reports", `${process.pid}-${name}.json`);
  rmSync(reportFile, { force: true });
  const options = { cwd: root, inherit: true, timeout, env: { ...env, SLIPWAY_TEST_REPORT: reportFile } };
  const start = Date.now();
  const { code } = await execute(argv, options).catch((error) => ({ code: error.message }));
  const report = isOneTest ? undefined : readReport(reportFile);
  rmSync(reportFile, { force: true });
  const limit = Date.now() - start >= timeout ? `, after ${minutes} minutes` : "";
  return judge(code, report, isOneTest, limit);
}

/** What a suite's exit code and report come to. A suite can fail although none of its tests did. */
export function judge(code, report, isOneTest = false, limit = "") {
  if (isOneTest) {
    return code === 0
      ? { passed: 1, failed: 0, pending: [] }
      : { passed: 0, failed: 1, pending: [], problem: `ended with code ${code}${limit}` };
  }
  if (report === undefined) {
    return { passed: 0, failed: 1, pending: [], problem: `ended with code ${code} and without a report${limit}` };
  }
  const { passes, failures, pendingTitles = [] } = report;
  if (code !== 0 && failures === 0) {
    const problem = `no test failed, but it ended with code ${code}${limit}`;
    return { passed: passes, failed: 1, pending: pendingTitles, problem };
  }
  return { passed: passes, failed: failures, pending: pendingTitles };
}
