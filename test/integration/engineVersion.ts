import { spawnSync } from "node:child_process";
import { z } from "zod";
import { parseEngineAddress } from "../../src/engine/discovery/parseEngineAddress";
import { openTransport } from "../../src/engine/transport/openTransport";

const ASK = `
  require("node:http").get({ ...JSON.parse(process.argv[1]), path: "/version", agent: false }, (response) => {
    response.pipe(process.stdout);
  });
`;

const shape = z.object({ Version: z.string() });

export interface EngineVersion {
  readonly kind: "docker" | "podman";
  /** The first number of its version: 28 of "28.5.2". */
  readonly major: number;
}

/** Asks while the tests are being defined, where mocha does not wait for a promise. */
export function engineVersion(address: string): EngineVersion {
  const parsed = parseEngineAddress(address);
  if ("problem" in parsed) {
    throw new Error(`${address}: ${parsed.problem}`);
  }
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    ["-e", ASK, JSON.stringify(openTransport(parsed).target)],
    { encoding: "utf8", timeout: 30_000 },
  );
  if (status !== 0) {
    throw new Error(`${address} does not answer: ${stderr}`);
  }
  const { Version } = shape.parse(JSON.parse(stdout));
  return { kind: /podman/i.test(stdout) ? "podman" : "docker", major: Number.parseInt(Version, 10) };
}
