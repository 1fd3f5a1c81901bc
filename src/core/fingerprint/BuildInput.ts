import type { ContextEntry } from "../ports/BuildContext";

/** One thing besides the build context that can change the built image. */
export type SettingInput =
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
  /** A part of the configuration that becomes part of the image, or that its steps see. Never the value of a secret. */
  | {
      readonly kind: "option";
      /** "network", "label NAME", "host NAME", "secret ID", "ssh ID", "cache". */
      readonly name: string;
      readonly value: string;
    }
  | {
      readonly kind: "base-image";
      readonly reference: string;
      /** The local image's ID, or null when the engine has no such image yet. */
      readonly imageId: string | null;
    }
  /** What an ADD fetches, named so that it can be seen; what is behind it is not looked at. */
  | { readonly kind: "remote"; readonly url: string };

/** One thing that can change the built image. */
export type BuildInput = SettingInput | ContextEntry;

/** What tells two inputs apart before their values do: the same identity means the same thing, perhaps changed. */
export function inputIdentity(input: BuildInput): string {
  switch (input.kind) {
    case "dockerfile":
    case "target":
    case "platform":
    case "certificates":
      return input.kind;
    case "arg":
    case "option":
      return `${input.kind} ${input.name}`;
    case "base-image":
      return `base-image ${input.reference}`;
    case "remote":
      return `remote ${input.url}`;
    case "file":
    case "directory":
    case "symlink":
    case "fifo":
      return `entry ${input.path}`;
  }
}
