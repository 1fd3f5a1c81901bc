import type { MachineKey } from "../../redact/MachineKey";
import type { PreparedSpec } from "../spec/containerSpec";
import type { CurrentContainer } from "./CurrentContainer";

/** Names as they are in slipway.json, where those of the engine's spec are others. */
const NAMES: Readonly<Record<string, string>> = {
  memoryBytes: "memory",
  workingDirectory: "workspaceFolder",
  readOnlyRoot: "readOnly",
  addCapabilities: "capabilities",
  dropCapabilities: "capabilities",
};

/**
 * What a container is asked for with, by names for people. Values can be secrets: digests under this machine's own key
 * stand for them.
 */
export async function runOptions(
  { spec, mode }: PreparedSpec,
  idleMs: number,
  key: MachineKey,
): Promise<Readonly<Record<string, string>>> {
  const { env, labels, resources, ...others } = spec;
  const values = [
    ...Object.entries(env).map(([name, value]) => [`env ${name}`, value] as const),
    ...Object.entries(labels).map(([name, value]) => [`label ${name}`, value] as const),
    ...Object.entries({ ...others, ...resources, workspace: mode, keepWarm: idleMs }),
  ];
  const digests: Record<string, string> = {};
  for (const [name, value] of values) {
    // The image is told of on its own.
    if (name === "image" || value === undefined) {
      continue;
    }
    const shown = NAMES[name] ?? name;
    digests[shown] = (digests[shown] ?? "") + (await key.digest(JSON.stringify(value)));
  }
  return digests;
}

/** Why the one that was used before is not the one to use now, for people. */
export function describeReplacement(
  before: Pick<CurrentContainer, "imageId" | "options">,
  now: Pick<CurrentContainer, "imageId" | "options">,
): string {
  const names = [...new Set([...Object.keys(before.options), ...Object.keys(now.options)])];
  const changed = names.filter((name) => before.options[name] !== now.options[name]).sort();
  const reasons = [
    ...(before.imageId === now.imageId ? [] : ["image rebuilt"]),
    ...(changed.length === 0 ? [] : [`run options changed: ${changed.join(", ")}`]),
  ];
  return reasons.length === 0 ? "the settings for the network, or Slipway's own, changed" : reasons.join("; ");
}
