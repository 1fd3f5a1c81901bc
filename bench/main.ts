import { randomBytes } from "node:crypto";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectEngine } from "../src/engine/discovery/connectEngine";
import type { EngineKind } from "../src/core/ports/EngineInfo";
import { Bench } from "./Bench";
import type { BenchCase } from "./BenchCase";
import { bundleProduct } from "./bundleProduct";
import { ALL_CASES } from "./cases/allCases";
import { cleanUp, listCache } from "./cleanUp";
import { findEngineCli } from "./EngineCli";
import { engineAddress } from "./environment.mjs";
import { formatReport } from "./formatReport";
import { parseOptions, USAGE, type Options } from "./parseOptions";
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
  const cli = await findEngineCli({ engine: { kind, version }, address, folder, log });
  const bench = new Bench({ folder, address, cli, log, name, loadProduct: await bundleProduct(folder) });
  const cases = chooseCases(options.cases, kind);
  const before = kind === "docker" ? await listCache(address) : new Set<string>();
  const results: CaseResult[] = [];
  try {
    for (const one of cases) {
      results.push(await runCase(one, { bench, rounds: options.rounds, log, signal }));
    }
  } finally {
    await cleanUp(address, { name, folder, before, hasCache: kind === "docker" });
  }
  const broken = results.flatMap(({ limits }) => limits).filter(({ holds }) => !holds);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ engine: { kind, version }, results }, undefined, 2)}\n`
      : `${kind} ${version}\n\n${formatReport(results)}\n`,
  );
  return options.check && broken.length > 0 ? 1 : 0;
}

/** Those that are asked for; else all that say something about this kind of engine. */
function chooseCases(names: readonly string[], kind: EngineKind): readonly BenchCase[] {
  if (names.length > 0) {
    return ALL_CASES.filter(({ name }) => names.includes(name));
  }
  return ALL_CASES.filter(({ name, leftOut }) => {
    const why = leftOut?.(kind);
    if (why !== undefined) {
      log(`${name} is left out: ${why}`);
    }
    return why === undefined;
  });
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
