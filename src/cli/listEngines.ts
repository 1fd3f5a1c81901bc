import { currentEnvironment } from "../engine/discovery/currentEnvironment";
import { placeOf } from "../engine/discovery/EndpointCandidate";
import { listAllCandidates, listCandidates } from "../engine/discovery/listCandidates";
import { probeAll, type ProbedCandidate } from "../engine/discovery/probeAll";
import { remedyFor } from "../engine/discovery/remedyFor";
import { formatEngines, formatEnginesAsJson } from "./formatEngines";
import type { CommonOptions } from "./CliCommand";
import { writeOut } from "./writeOut";

/**
 * `slipway engines`: every engine that can be chosen, those that answer first, and of them the one that is used.
 * @returns 0 when there is one that is used, else 1, with what to do about it on stderr.
 */
export async function listEngines(
  options: CommonOptions & { readonly all: boolean },
  signal: AbortSignal,
): Promise<number> {
  const explicit = options.engine === undefined ? undefined : { address: options.engine, source: "--engine" };
  const environment = currentEnvironment();
  const probed: ProbedCandidate[] = [];
  for await (const each of probeAll(listAllCandidates(environment, explicit), signal)) {
    probed.push(each);
  }
  const found = probed.filter(({ result }) => result.kind === "engine");
  const looked = listCandidates(environment, explicit).flatMap((candidate) =>
    probed.filter((each) => placeOf(each.candidate) === placeOf(candidate)),
  );
  const used = looked.find(({ result }) => result.kind === "engine");
  const others = found.filter((each) => each !== used);
  const missing = probed.filter(({ result }) => result.kind === "failed");
  const ordered = [...(used === undefined ? [] : [used]), ...others, ...missing];
  const list = { probed: ordered, used };
  const lines = options.json ? formatEnginesAsJson(list) : formatEngines(list, options);
  await writeOut(process.stdout, lines.map((line) => `${line}\n`).join(""));
  if (used !== undefined) {
    return 0;
  }
  const attempts = looked.flatMap(({ result }) => (result.kind === "failed" ? [result.attempt] : []));
  await writeOut(process.stderr, `${remedyFor(attempts, environment).advice}\n`);
  return 1;
}
