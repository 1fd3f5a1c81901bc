import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { format } from "node:util";
import type MochaClass from "mocha";

/** Called by VS Code in its extension host; a rejection is a failed run. */
export async function run(): Promise<void> {
  // Mocha is an ES module, and this file is the CommonJS that VS Code loads.
  const { default: Mocha }: { readonly default: typeof MochaClass } = await import("mocha");
  markOutput(Mocha);
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000 });
  const folder = path.join(__dirname, "host");
  for (const file of (await readdir(folder)).sort()) {
    if (file.endsWith(".vscode.test.js")) {
      mocha.addFile(path.join(folder, file));
    }
  }

  const pendingTitles: string[] = [];
  const failed: string[] = [];
  const stats = await new Promise<MochaClass.Stats | undefined>((resolve) => {
    const runner = mocha.run(() => {
      resolve(runner.stats);
    });
    runner.on("pending", (test) => pendingTitles.push(test.fullTitle()));
    runner.on("fail", (test) => failed.push(test.fullTitle()));
  });

  const report = { passes: stats?.passes ?? 0, failures: failed.length, pending: pendingTitles.length, pendingTitles };
  const file = process.env["SLIPWAY_TEST_REPORT"];
  if (file !== undefined && file !== "") {
    await writeFile(file, JSON.stringify(report, undefined, 2));
  }
  if (report.passes + report.failures + report.pending === 0) {
    throw new Error("No test ran in the extension host.");
  }
  if (failed.length > 0) {
    throw new Error(`${failed.length} failed in the extension host: ${failed.join(", ")}`);
  }
}

/** So that vscodeShim.mjs can tell what the tests report from VS Code's own messages. */
function markOutput({ reporters }: typeof MochaClass): void {
  const mark = process.env["SLIPWAY_TEST_CONSOLE_MARK"];
  if (mark !== undefined) {
    reporters.Base.consoleLog = (...args: readonly unknown[]): void => {
      // eslint-disable-next-line no-console -- The console is how a test run in the extension host reports.
      console.log(`${mark}${format(...args)}`);
    };
  }
}
