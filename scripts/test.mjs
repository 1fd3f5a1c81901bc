import { checkNodeVersion, setUp } from "./lib/setUp.mjs";
import { killRunning } from "./lib/run.mjs";
import { runSuite, suites } from "./lib/suites.mjs";
import { TestNeeds } from "./lib/testNeeds.mjs";

const usage = `usage: npm test -- [--only SUITE,...]
Sets everything up and runs all suites: ${Object.keys(suites).join(", ")}.
SLIPWAY_TEST_ENGINES=NAME=unix:///...,NAME=unix:///... tests on these engines instead of starting some; names may be
left out. SLIPWAY_TEST_REGISTRY=http://USER:PASSWORD@127.0.0.1:PORT then is a registry for them, if there is one.
With CI=true, what cannot run on this machine is a failure.`;

const log = console.log;
const isCi = process.env.CI === "true";
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

function selectedSuites(args) {
  if (args.length === 0) return Object.keys(suites);
  const names = args.length === 2 && args[0] === "--only" ? args[1].split(",") : [];
  if (names.length > 0 && names.every((name) => Object.hasOwn(suites, name))) return names;
  const isHelp = args.length === 1 && args[0] === "--help";
  (isHelp ? log : console.error)(usage);
  process.exit(isHelp ? 0 : 2);
}

let interruptedBy;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    if (interruptedBy) process.exit(1);
    interruptedBy = signal;
    console.error(`\n${signal}: stopping. Once more leaves at once, and leaves engines running.`);
    killRunning("SIGTERM");
  });
}

const needs = new TestNeeds(log);
const totals = { passed: 0, failed: 0, summary: [], notRun: [] };

async function runOne(name) {
  const start = Date.now();
  log(`\n━━━ ${name}: ${suites[name].title}`);
  const env = {};
  try {
    for (const need of suites[name].needs) Object.assign(env, await needs.provide(need));
  } catch (error) {
    log(`Cannot run: ${error.message}`);
    totals.notRun.push({ what: suites[name].title, reason: error.message });
    return;
  }
  if (interruptedBy) return;
  const { passed, failed, pending, problem } = await runSuite(name, env);
  totals.passed += passed;
  totals.failed += failed;
  totals.notRun.push(...pending.map((title) => ({ what: title, reason: `skipped by the ${name} suite` })));
  const line = `${name}: ${passed} passed, ${failed} failed${problem ? ` (${problem})` : ""}, ${seconds(start)}`;
  totals.summary.push(line);
  log(`━━━ ${line}`);
}

function report(start) {
  log(`\n━━━ summary, ${seconds(start)}`);
  for (const line of totals.summary) log(line);
  if (totals.notRun.length > 0) {
    log(`\n!!! NOT RUN${isCi ? ", each a failure because CI=true" : ""}`);
    for (const { what, reason } of totals.notRun) log(`!!! ${what}: ${reason.replaceAll("\n", "\n      ")}`);
  }
  const failed = totals.failed + (isCi ? totals.notRun.length : 0);
  log(`\n${totals.passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

checkNodeVersion();
const selected = selectedSuites(process.argv.slice(2));
const start = Date.now();
try {
  await setUp(log);
  await needs.begin(selected.flatMap((name) => suites[name].needs));
  for (const name of selected) if (!interruptedBy) await runOne(name);
} catch (error) {
  console.error(`Set-up failed: ${error.message}`);
  totals.failed += 1;
  totals.summary.push("set-up: failed");
} finally {
  await needs.release();
}
totals.notRun.push(...needs.shortfalls);
if (interruptedBy) {
  totals.failed += 1;
  totals.summary.push(`interrupted by ${interruptedBy}`);
}
process.exit(report(start));
