#!/usr/bin/env node
/**
 * Stands in for the VS Code program where there is none: takes the flags that @vscode/test-electron passes, runs the
 * tests in the extension host of VS Code's server, with a headless browser as its window, and ends with their result.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { format } from "node:util";
import { chromium } from "playwright-core";
import { chromiumArguments, ensureChromium } from "../../scripts/lib/chromium.mjs";
import { ensureVscodeServer } from "../../scripts/lib/vscodeInstallation.mjs";
import { quietSettings, startVscodeServer } from "../../scripts/lib/vscodeServer.mjs";

const deadline = Number(process.env.SLIPWAY_TEST_DEADLINE ?? 600) * 1000;
const log = (message) => process.stderr.write(`${message}\n`);

/** Tells what the tests report from VS Code's messages and the extension's, which come the same way. */
const mark = "[slipway-tests] ";
const others = [];

process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
const code = await main(process.argv.slice(2)).catch((error) => {
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
});
if (code !== 0 && others.length > 0) log(["VS Code's last messages:", ...others.slice(-20)].join("\n  "));
process.exitCode = code;

async function main(argv) {
  const flag = (name) => argv.filter((arg) => arg.startsWith(`--${name}=`)).map((arg) => arg.slice(name.length + 3));
  const folder = argv.find((arg) => !arg.startsWith("-"));
  const [tests] = flag("extensionTestsPath");
  if (tests === undefined) throw new Error("This stands in for VS Code only with --extensionTestsPath.");

  const installation = await ensureVscodeServer({ log });
  const browserProgram = await ensureChromium({ log });
  if ("reason" in browserProgram) throw new Error(browserProgram.reason);
  const temporary = await mkdtemp(path.join(tmpdir(), "slipway-host-"));
  try {
    const server = await startVscodeServer({
      installation,
      extensionsDir: flag("extensions-dir")[0] ?? path.join(temporary, "extensions"),
      serverDataDir: path.join(temporary, "server"),
      smokeTestDriver: true,
      settings: quietSettings,
      env: { SLIPWAY_TEST_CONSOLE_MARK: mark },
      workspaceTrust: !argv.includes("--disable-workspace-trust"),
    });
    try {
      const browser = await chromium.launch({ executablePath: browserProgram.path, args: chromiumArguments });
      try {
        const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
        const url = new URL(server.url);
        const remote = (file) => `vscode-remote://${url.host}${path.resolve(file)}`;
        if (folder !== undefined) url.searchParams.set("folder", path.resolve(folder));
        const payload = [
          ...flag("extensionDevelopmentPath").map((file) => ["extensionDevelopmentPath", remote(file)]),
          ["extensionTestsPath", remote(tests)],
          ["skipWelcome", "true"],
        ];
        url.searchParams.set("payload", JSON.stringify(payload));
        const ended = new AbortController();
        const result = await Promise.race([
          whenTestsEnd(page, url.href),
          sleep(deadline, undefined, { signal: ended.signal }).then(() => {
            throw new Error(`The tests did not end within ${deadline / 1000} s.`);
          }),
        ]);
        ended.abort();
        return result;
      } finally {
        await browser.close();
      }
    } finally {
      await server.stop();
    }
  } finally {
    await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Opens the window and resolves with the exit code that the extension host gives when the tests' `run()` settles. */
async function whenTestsEnd(page, url) {
  return await new Promise((resolve, reject) => {
    page.on("crash", () => reject(new Error("The browser page crashed.")));
    page
      .exposeFunction("codeAutomationLog", (level, args) => {
        const text = format(...args);
        if (text.includes(mark)) {
          (level === "error" ? process.stderr : process.stdout).write(`${text.replace(mark, "")}\n`);
        } else {
          others.push(`${level}: ${text.split("\n", 1)[0].slice(0, 300)}`);
        }
      })
      .then(() => page.exposeFunction("codeAutomationExit", (code) => resolve(code)))
      .then(() => page.goto(url))
      .catch(reject);
  });
}
