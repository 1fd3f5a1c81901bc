import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/cache.mjs";
import { farmEnvironment, membersUp } from "./lib/farm.mjs";
import { findSshd } from "./lib/sshServer.mjs";

/** Where each kind of test is, by its file's name, and how long one may take. */
const kinds = {
  unit: {
    pattern: /^(src|test\/unit)\/.*(?<!\.integration|\.vscode)\.test\.ts$|^scripts\/.*\.test\.mjs$/,
    timeout: 5_000,
  },
  integration: { pattern: /^(src|test)\/.*\.integration\.test\.ts$/, timeout: 120_000 },
  ui: { pattern: /^test\/vscode\/ui\/.*\.vscode\.test\.ts$/, timeout: 180_000 },
};

const usage = `usage: node scripts/mocha.mjs ${Object.keys(kinds).join("|")} [TEST FILE ...] [mocha options]`;

function findTests(pattern) {
  const folders = ["src", "test", "scripts"].filter((folder) => existsSync(join(root, folder)));
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, file)),
  );
  return files.filter((file) => pattern.test(file)).sort();
}

/** What to test on: the engines that the caller names, else ours that are up. */
async function engines() {
  const { SLIPWAY_TEST_ENGINES: named } = process.env;
  return named === undefined ? farmEnvironment(await membersUp()) : { SLIPWAY_TEST_ENGINES: named };
}

function fail(message) {
  console.error(message);
  process.exit(2);
}

const [kind, ...args] = process.argv.slice(2);
if (!Object.hasOwn(kinds, kind ?? "")) fail(usage);
const { pattern, timeout } = kinds[kind];
const isTest = (arg) => /\.test\.(ts|mjs)$/.test(arg) && existsSync(arg);
const files = args.some(isTest) ? args.filter(isTest) : findTests(pattern);
// Finding nothing is a mistake in a name or a pattern, not a success.
if (files.length === 0) fail(`No ${kind} test was found.`);

const env = { ...process.env };
if (kind !== "unit") {
  Object.assign(env, await engines());
  Object.assign(env, { SLIPWAY_TEST_SSHD: findSshd() });
  if (env.SLIPWAY_TEST_ENGINES === "") fail("No test engine is up: npm run engines -- up");
}
const options = ["--forbid-only", "--timeout", String(timeout), "--reporter", join(root, "test/reporter.cjs")];
const mocha = join(root, "node_modules/mocha/bin/mocha.js");
const argv = ["--import", "tsx", mocha, ...options, ...args.filter((arg) => !isTest(arg)), ...files];
const child = spawn(process.execPath, argv, { cwd: root, env, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 128));
