import { spawnSync } from "node:child_process";
import { parseEngineAddress } from "../../src/engine/discovery/parseEngineAddress";
import { openTransport } from "../../src/engine/transport/openTransport";

const ASK = `
  require("node:http").get({ ...JSON.parse(process.argv[1]), path: "/version", agent: false }, (response) => {
    response.pipe(process.stdout);
  });
`;

/** Asks while the tests are being defined, where mocha does not wait for a promise. */
export function isPodman(address: string): boolean {
  const parsed = parseEngineAddress(address);
  if ("problem" in parsed) {
    throw new Error(`${address}: ${parsed.problem}`);
  }
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    ["-e", ASK, JSON.stringify(openTransport(parsed).target)],
    {
      encoding: "utf8",
      timeout: 30_000,
    },
  );
  if (status !== 0) {
    throw new Error(`${address} does not answer: ${stderr}`);
  }
  return /podman/i.test(stdout);
}
