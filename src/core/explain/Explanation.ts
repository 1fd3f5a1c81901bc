import type { BuildInput } from "../fingerprint/BuildInput";
import type { SelectionDoubt } from "../fingerprint/selection/ContextSelection";
import type { ImageDecision } from "../image/ImageResolution";

/** In the order in which they are told. */
export const CHANGE_GROUPS = ["dockerfile", "options", "arguments", "base-images", "downloads", "files"] as const;

/** What an input is about. Options are the target, the platform and the like; downloads are what ADD fetches. */
export type ChangeGroup = (typeof CHANGE_GROUPS)[number];

/** One input that is not what it was when the image was built. */
export interface ExplainedChange {
  readonly group: ChangeGroup;
  readonly change: "added" | "removed" | "changed";
  /** For people: a path, "ARG VERSION", "node:20". */
  readonly subject: string;
  /** For people, what is different about it: "content, 12 -> 14 bytes", "mode 644 -> 755". */
  readonly details: readonly string[];
  /** Absent for what was added. */
  readonly before?: BuildInput;
  /** Absent for what was removed. */
  readonly after?: BuildInput;
}

/** What an instruction of the Dockerfile takes from the build context. */
interface TakenByLine {
  /** From 1. */
  readonly line: number;
  /** The instruction as it is written, in one line. */
  readonly instruction: string;
  /** How many files, links and folders count because of it, others too or not. */
  readonly entries: number;
  /** Of all its files together. */
  readonly bytes: number;
}

/** What counts of the build context, and why. */
export type ContextReasons =
  | {
      readonly kind: "some";
      readonly lines: readonly TakenByLine[];
    }
  | { readonly kind: "all"; readonly doubts: readonly SelectionDoubt[] };

/** What the image is made from now. */
export interface CountedInputs {
  /** As messages name it. */
  readonly dockerfile: string;
  /** The build context, relative to the workspace's folder: "." for all of it. */
  readonly context: string;
  /** Relative to the workspace's folder; undefined where there is none. */
  readonly ignoreFile: string | undefined;
  readonly files: number;
  /** Of all files together. */
  readonly bytes: number;
  readonly folders: number;
  readonly links: number;
  readonly fifos: number;
  /** All files, links and FIFOs of the context after its ignore file, those that no line takes included. */
  readonly inContext: number;
  readonly baseImages: number;
  readonly arguments: number;
  /** The target, the platform, labels and the like. */
  readonly options: number;
  readonly reasons: ContextReasons;
}

/** The build that the inputs are compared with. */
export interface ComparedBuild {
  readonly fingerprint: string;
  readonly inputs: number;
  /** When its image was used last, in milliseconds since 1970, where that is known. */
  readonly lastUsed: number | undefined;
}

/** Why an image is fresh or not, item by item. */
export interface Explanation {
  readonly decision: ImageDecision;
  /**
   * When the fresh image was made, in milliseconds since 1970; undefined for one that is not fresh. One that came wholly
   * from the builder's cache is as old as that.
   */
  readonly builtAt: number | undefined;
  /** Undefined where there is nothing to compare with. */
  readonly comparedWith: ComparedBuild | undefined;
  readonly changes: readonly ExplainedChange[];
  /** Undefined for a ready-made image. */
  readonly counted: CountedInputs | undefined;
  /** For people, each a sentence: what to do for fewer rebuilds. */
  readonly hints: readonly string[];
}
