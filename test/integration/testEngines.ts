import { DockerodeEngine } from "../../src/engine/DockerodeEngine";
import { parseEngineAddress } from "../../src/engine/discovery/parseEngineAddress";

export interface TestEngine {
  /** "docker", "podman" or what SLIPWAY_TEST_ENGINES calls it. */
  readonly name: string;
  readonly address: string;
  readonly connect: () => DockerodeEngine;
}

/**
 * The real engines to test on: SLIPWAY_TEST_ENGINES, a list of addresses with commas between, each with an optional
 * "name=" before it. They need the image busybox. Without it there is nothing to run, which is an error, not a success.
 */
export function testEngines(): readonly TestEngine[] {
  const entries = (process.env["SLIPWAY_TEST_ENGINES"] ?? "").split(",").filter((entry) => entry.trim() !== "");
  if (entries.length === 0) {
    throw new Error('Set SLIPWAY_TEST_ENGINES, or run "npm test", which starts engines and sets it.');
  }
  return entries.map((entry) => {
    const [, name, text = ""] = /^(?:([\w-]+)=)?(.*)$/.exec(entry.trim()) ?? [];
    const address = parseEngineAddress(text);
    if ("problem" in address) {
      throw new Error(`SLIPWAY_TEST_ENGINES: ${text}: ${address.problem}`);
    }
    return {
      name: name ?? text,
      address: text,
      connect: () => new DockerodeEngine({ address, source: "SLIPWAY_TEST_ENGINES" }),
    };
  });
}
