import { maskArgument } from "../network/argumentSecrets";
import type { Stage } from "../dockerfile/Stage";
import type { MachineKey } from "../redact/MachineKey";
import type { SettingInput } from "./BuildInput";

export type ArgumentInput = SettingInput & { readonly kind: "arg" };

/** The arguments that count, in the order of their names, without what is secret in them. */
export async function argumentInputs(
  args: Readonly<Record<string, string>>,
  counting: ReadonlySet<string>,
  machineKey: MachineKey,
): Promise<readonly ArgumentInput[]> {
  const counted = Object.entries(args)
    .filter(([name]) => counting.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Promise.all(
    counted.map(async ([name, value]) => ({
      kind: "arg" as const,
      name,
      value: await maskArgument(name, value, async (text) => machineKey.digest(text)),
    })),
  );
}

/**
 * The names of the arguments that count. A proxy that no ARG declares reaches the steps all the same: it counts where a
 * stage names it, in whatever case. Of its two names, which have one value, one is enough.
 */
export function withNamed(
  declared: ReadonlySet<string>,
  args: Readonly<Record<string, string>>,
  proxies: ReadonlyMap<Stage, ReadonlySet<string>>,
): ReadonlySet<string> {
  const named = new Set([...proxies.values()].flatMap((names) => [...names]));
  const others = [...named].flatMap((name) => {
    const both = Object.keys(args).filter((arg) => arg.toLowerCase() === name);
    return both.some((arg) => declared.has(arg)) ? [] : both.sort().slice(0, 1);
  });
  return new Set([...declared, ...others]);
}
