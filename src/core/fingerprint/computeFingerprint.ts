import { createHash } from "node:crypto";
import type { SettingInput } from "./BuildInput";

/** Raised whenever the same inputs could mean another image than before, or are encoded in another way. */
const FORMAT_VERSION = 2;

/**
 * SHA-256 over the inputs in the order given and the digest of what counts in the context, in lower-case hexadecimal.
 * Each field of each goes in as JSON, in a fixed order, so no two different lists of inputs are the same bytes.
 */
export function computeFingerprint(inputs: readonly SettingInput[], contextDigest: string): string {
  const hash = createHash("sha256").update(`slipway fingerprint ${String(FORMAT_VERSION)}\n`);
  for (const input of inputs) {
    hash.update(`${JSON.stringify(fieldsOf(input))}\n`);
  }
  return hash.update(`${JSON.stringify(["context", contextDigest])}\n`).digest("hex");
}

function fieldsOf(input: SettingInput): readonly (string | null)[] {
  switch (input.kind) {
    case "dockerfile":
    case "certificates":
      return [input.kind, input.sha256];
    case "target":
    case "platform":
      return [input.kind, input.value];
    case "arg":
    case "option":
      return [input.kind, input.name, input.value];
    case "base-image":
      return [input.kind, input.reference, input.imageId];
    case "remote":
      return [input.kind, input.url];
  }
}
