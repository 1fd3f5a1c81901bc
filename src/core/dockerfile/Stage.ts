import type { Instruction } from "./Dockerfile";
import type { KnownText } from "./expandVariables";

/** Where files come from: another stage, an image, nothing, or what only the build itself can tell. */
export type Source =
  | { readonly kind: "stage"; readonly index: number }
  | { readonly kind: "image"; readonly reference: string }
  | { readonly kind: "scratch" }
  | {
      readonly kind: "unknown";
      /** As it is written in the Dockerfile. */
      readonly text: string;
    };

export interface Stage {
  readonly index: number;
  /** In lower case: names are the same whatever their case. */
  readonly name?: string;
  readonly base: Source;
  /** The value of FROM's `--platform`, variables replaced if they are known. */
  readonly platform?: KnownText;
  /** The line of its FROM, counted from 1. */
  readonly line: number;
  /** Those after its FROM. */
  readonly instructions: readonly Instruction[];
}
