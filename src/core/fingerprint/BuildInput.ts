import type { ContextEntry } from "../ports/BuildContext";

/** One thing that can change the built image. */
export type BuildInput =
  | { readonly kind: "dockerfile"; readonly path: string; readonly sha256: string }
  | { readonly kind: "target"; readonly value: string }
  | { readonly kind: "platform"; readonly value: string }
  | {
      readonly kind: "arg";
      readonly name: string;
      /** Without the secrets of a URL; see maskArgument. */
      readonly value: string;
    }
  /** The authorities that its steps trust besides the public ones. */
  | { readonly kind: "certificates"; readonly sha256: string }
  | {
      readonly kind: "base-image";
      readonly reference: string;
      /** The local image's ID, or null when the engine has no such image yet. */
      readonly imageId: string | null;
    }
  | ContextEntry;

/** What tells two inputs apart before their values do: the same identity means the same thing, perhaps changed. */
export function inputIdentity(input: BuildInput): string {
  switch (input.kind) {
    case "dockerfile":
    case "target":
    case "platform":
    case "certificates":
      return input.kind;
    case "arg":
      return `arg ${input.name}`;
    case "base-image":
      return `base-image ${input.reference}`;
    case "file":
    case "directory":
    case "symlink":
    case "fifo":
      return `entry ${input.path}`;
  }
}
