import { randomBytes } from "node:crypto";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectEngine } from "../src/engine/discovery/connectEngine";
import { Bench } from "./Bench";
import { bundleProduct } from "./bundleProduct";
import { ALL_CASES } from "./cases/allCases";
import { cleanUp, listCache } from "./cleanUp";
import { engineAddress } from "./environment.mjs";
import { formatReport } from "./formatReport";
import { parseOptions, USAGE, type Options } from "./parseOptions";
import { findRivals } from "./Rival";
import { runCase, type CaseResult } from "./runCase";

/** What went wrong with the request itself, not with a measurement. */
const USAGE_ERROR = 2;

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function run(options: Options, folder: string, signal: AbortSignal): Promise<number> {
  const address = await engineAddress(options.engine);
  const name = `slipway-bench-${randomBytes(4).toString("hex")}`;
  const engine = await connectEngine({ explicit: { address, source: "--engine" } });
  const { kind, version } = await engine.info();
  const rivals = await findRivals({ engine: { kind, version }, address, folder, log });
  const bench = new Bench({ folder, address, rivals, name, loadProduct: await bundleProduct(folder) });
  const cases = ALL_CASES.filter((one) => options.cases.length === 0 || options.cases.includes(one.name));
  const before = kind === "docker" ? await listCache(address) : new Set<string>();
  const results: CaseResult[] = [];
  try {
    for (const one of cases) {
      results.push(await runCase(one, { bench, rounds: options.rounds, log, signal }));
    }
  } finally {
    await cleanUp(address, { name, before, hasCache: kind === "docker" });
  }
  const broken = results.flatMap(({ limits }) => limits).filter(({ holds }) => !holds);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ engine: { kind, version }, results }, undefined, 2)}\n`
      : `${kind} ${version}\n\n${formatReport(results, rivals[0]?.name)}\n`,
  );
  return options.check && broken.length > 0 ? 1 : 0;
}

/** Aborted when this process is told to end: what was made on the engine is removed first. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      log("interrupted: cleaning up");
      controller.abort(new Error("interrupted"));
    });
  }
  return controller.signal;
}

async function main(args: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(args);
  } catch (error) {
    log(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return USAGE_ERROR;
  }
  const unknown = options.cases.find((name) => !ALL_CASES.some((one) => one.name === name));
  if (unknown !== undefined || options.list) {
    log(unknown === undefined ? "" : `There is no case "${unknown}".`);
    log(ALL_CASES.map(({ name, title }) => `${name.padEnd(12)} ${title}`).join("\n"));
    return unknown === undefined ? 0 : USAGE_ERROR;
  }
  const folder = await realpath(await mkdtemp(join(tmpdir(), "slipway-bench-")));
  try {
    return await run(options, folder, interruption());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    // The engine's connections and Slipway's worker would keep the process alive for a while.
    process.exit(code);
  },
  (error: unknown) => {
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(USAGE_ERROR);
  },
);
