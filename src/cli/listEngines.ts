import { currentEnvironment } from "../engine/discovery/currentEnvironment";
import { listCandidates } from "../engine/discovery/listCandidates";
import { probeEndpoint } from "../engine/discovery/probeEndpoint";
import type { CommonOptions } from "./parseArguments";
import { writeOut } from "./writeOut";

/** `slipway engines`: every place where an engine was looked for. @returns 0 when one answers, else 1. */
export async function listEngines(options: CommonOptions, signal: AbortSignal): Promise<number> {
  const explicit = options.engine === undefined ? undefined : { address: options.engine, source: "--engine" };
  let found = false;
  for (const candidate of listCandidates(currentEnvironment(), explicit)) {
    const result = await probeEndpoint(candidate, signal);
    found = found || result.kind === "engine";
    const facts =
      result.kind === "engine"
        ? { ok: true, kind: result.info.kind, version: result.info.version }
        : { ok: false, problem: result.attempt.detail };
    const line = options.json
      ? JSON.stringify({ endpoint: candidate.address, source: candidate.source, ...facts })
      : `${candidate.address}  (${candidate.source})  ${
          result.kind === "engine" ? `${result.info.kind} ${result.info.version}` : result.attempt.detail
        }`;
    await writeOut(process.stdout, `${line}\n`);
  }
  return found ? 0 : 1;
}
