import { parseArgs } from "node:util";

export const USAGE = `usage: npm run bench -- [--case NAME]... [--engine NAME|ADDRESS] [--rounds N] [--check] [--json]

Measures Slipway side by side with the docker CLI and buildx (podman on Podman), on one engine, in one run.

  --case NAME       only this case; can be repeated
  --engine E        an engine of the farm (npm run engines -- up) or an address (default: docker28)
  --rounds N        counted rounds of each case (default: 5 to 9)
  --check           exit with 1 when a limit is broken
  --json            the results with every sample, as JSON
  --list            only name the cases`;

export interface Options {
  /** Empty: all. */
  readonly cases: readonly string[];
  readonly engine: string;
  readonly rounds: number | undefined;
  readonly check: boolean;
  readonly json: boolean;
  readonly list: boolean;
}

/** @throws Error, whose message is for people. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      case: { type: "string", multiple: true },
      engine: { type: "string", default: "docker28" },
      rounds: { type: "string" },
      check: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
    },
  });
  const { case: cases = [], engine, rounds, check, json, list } = values;
  if (rounds !== undefined && !/^[1-9]\d*$/.test(rounds)) {
    throw new Error(`--rounds is a number from 1 on, not "${rounds}"`);
  }
  return { cases, engine, rounds: rounds === undefined ? undefined : Number(rounds), check, json, list };
}
