import { createHash } from "node:crypto";
import type { BuildInput } from "./BuildInput";

/** Raised whenever the same inputs could mean another image than before, or are encoded in another way. */
const FORMAT_VERSION = 1;

/**
 * SHA-256 over the inputs in the order given, in lower-case hexadecimal. Each field of each input goes in as JSON, in a
 * fixed order, so no two different lists of inputs are the same bytes.
 */
export function computeFingerprint(inputs: readonly BuildInput[]): string {
  const hash = createHash("sha256").update(`slipway fingerprint ${String(FORMAT_VERSION)}\n`);
  for (const input of inputs) {
    hash.update(`${JSON.stringify(fieldsOf(input))}\n`);
  }
  return hash.digest("hex");
}

function fieldsOf(input: BuildInput): readonly (string | number | null)[] {
  switch (input.kind) {
    case "dockerfile":
    case "certificates":
      return [input.kind, input.sha256];
    case "target":
    case "platform":
      return [input.kind, input.value];
    case "arg":
      return [input.kind, input.name, input.value];
    case "base-image":
      return [input.kind, input.reference, input.imageId];
    case "file":
      return [input.kind, input.path, input.mode, input.sha256];
    case "directory":
    case "fifo":
      return [input.kind, input.path, input.mode];
    case "symlink":
      return [input.kind, input.path, input.target];
  }
}
