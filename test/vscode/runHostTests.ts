import { downloadAndUnzipVSCode, runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const bundle = path.join(root, ".slipway/host-tests");

/** Runs test/vscode/host in a real VS Code's extension host: a downloaded one, else VS Code's server. */
async function main(): Promise<void> {
  const report = process.env["SLIPWAY_TEST_REPORT"];
  if (report !== undefined && report !== "") {
    await rm(report, { force: true });
  }
  const vscodeExecutablePath = await findVscode();
  await bundleTests();
  const temporary = await mkdtemp(path.join(tmpdir(), "slipway-host-tests-"));
  try {
    await runTests({
      vscodeExecutablePath,
      // Another extension can be put in the place of ours to try the host itself.
      extensionDevelopmentPath: process.env["SLIPWAY_TEST_EXTENSION"] ?? root,
      extensionTestsPath: path.join(bundle, "hostMain.js"),
      // No folder is opened, so that the extension is not active yet when the tests begin.
      launchArgs: [
        `--user-data-dir=${path.join(temporary, "user")}`,
        `--extensions-dir=${path.join(temporary, "extensions")}`,
      ],
    });
  } finally {
    await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function findVscode(): Promise<string> {
  const wish = process.env["SLIPWAY_TEST_VSCODE"] ?? "";
  if (!["", "download", "server"].includes(wish)) {
    throw new Error(`SLIPWAY_TEST_VSCODE is "${wish}": it can be "download" or "server".`);
  }
  if (wish === "server" || (wish === "" && !hasDisplay())) {
    return path.join(import.meta.dirname, "vscodeShim.mjs");
  }
  try {
    return await downloadAndUnzipVSCode({ cachePath: path.join(root, ".slipway/vscode-test"), timeout: 5_000 });
  } catch (error) {
    if (wish === "download" || process.platform === "win32") {
      throw error;
    }
    process.stderr.write(`VS Code cannot be downloaded here (${String(error)}): testing in VS Code's server.\n`);
    return path.join(import.meta.dirname, "vscodeShim.mjs");
  }
}

function hasDisplay(): boolean {
  const { platform, env } = process;
  return platform !== "linux" || [env["DISPLAY"], env["WAYLAND_DISPLAY"]].some((name) => name !== undefined);
}

/** VS Code loads CommonJS; mocha stays outside, so that the tests' globals are those of the mocha that runs them. */
async function bundleTests(): Promise<void> {
  const tests = (await readdir(path.join(import.meta.dirname, "host"))).filter((name) =>
    name.endsWith(".vscode.test.ts"),
  );
  await rm(bundle, { recursive: true, force: true });
  await build({
    entryPoints: ["hostMain.ts", ...tests.map((name) => `host/${name}`)].map((name) =>
      path.join(import.meta.dirname, name),
    ),
    outbase: import.meta.dirname,
    outdir: bundle,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
