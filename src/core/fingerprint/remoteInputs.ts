import { maskArgument } from "../network/argumentSecrets";
import type { MachineKey } from "../redact/MachineKey";
import type { SettingInput } from "./BuildInput";
import { listRemotes, type SelectContextOptions } from "./selection/selectContext";

/**
 * What the build fetches with ADD, by its address alone: that counts, and can be seen, but what is behind it is not looked
 * at. A login in an address is masked as in an argument.
 */
export async function remoteInputs(
  options: SelectContextOptions,
  machineKey: MachineKey,
): Promise<readonly SettingInput[]> {
  const urls = await Promise.all(
    listRemotes(options).map(async (url) => maskArgument("", url, async (text) => machineKey.digest(text))),
  );
  return urls.map((url) => ({ kind: "remote", url }));
}
