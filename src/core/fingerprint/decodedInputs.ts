import { once } from "../once";
import type { ContextEntry, SentEntry } from "../ports/BuildContext";
import type { BuildInput, SettingInput } from "./BuildInput";
import { manifestLines } from "./manifestFormat";
import type { ContextSnapshot } from "./scan/ContextScanner";

/** What the inputs of a build are made into. Each rejects as ContextSnapshot does. */
export interface DecodedInputs {
  /** Everything that counts, in canonical order. */
  readonly allInputs: () => Promise<readonly BuildInput[]>;
  /** The snapshot's entries, made only once. */
  readonly entries: () => Promise<readonly SentEntry[]>;
  /** Everything that counts as manifestLines gives it, made only once. */
  readonly manifest: () => Promise<readonly string[]>;
}

/** @param inputs all that counts but what is in the context. */
export function decodedInputs(inputs: readonly SettingInput[], snapshot: ContextSnapshot): DecodedInputs {
  const entries = once(snapshot.entries);
  const counting = async (): Promise<readonly ContextEntry[]> => {
    const sent = await entries();
    // Most often nothing is only on the way to what counts, and then these are the same.
    return sent.length === snapshot.count ? sent : snapshot.inputs();
  };
  return {
    allInputs: async () => [...inputs, ...(await snapshot.inputs())],
    entries,
    manifest: once(async () => manifestLines([...inputs, ...(await counting())])),
  };
}
