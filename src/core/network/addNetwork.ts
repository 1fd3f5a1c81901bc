import type { Dockerfile, Instruction } from "../dockerfile/Dockerfile";
import type { Stage } from "../dockerfile/Stage";
import { caVariables } from "./caVariables";
import { expandedNames } from "./expandedNames";

/** Under this ID the builder asks for the authorities. */
export const CA_SECRET = "slipway-ca";

/** Below /dev, which is made anew for every step, so that nothing of the mount stays in the image. */
export const BUILD_BUNDLE = "/dev/slipway-ca.pem";

export const CA_MOUNT = `--mount=type=secret,id=${CA_SECRET},target=${BUILD_BUNDLE},mode=0444`;

/** Nobody reads it: it is there for builders to take another value for another step. */
const DIGEST_VARIABLE = "SLIPWAY_NETWORK";

export interface AddNetworkOptions {
  readonly content: Uint8Array;
  readonly syntax: Dockerfile;
  /** Those that are built, in the order of the Dockerfile. */
  readonly stages: readonly Stage[];
  /** Whether there are authorities to be trusted. */
  readonly certificates: boolean;
  /** Stands for what of the network a stage's steps can see; undefined where they see nothing that counts. */
  readonly digestOf: (stage: Stage) => string | undefined;
  /** The variables that are set already in what a stage starts from. */
  readonly inheritedBy: (stage: Stage) => ReadonlySet<string>;
}

/** A Dockerfile of ours, and what a way back to the user's has to know. */
export interface RewrittenDockerfile {
  readonly content: Uint8Array;
  /** The line in the user's file, from 1. */
  readonly originalLine: (line: number) => number;
  /** The stages that begin with an ARG of ours, and the variables for the authorities in it. */
  readonly added: ReadonlyMap<Stage, readonly string[]>;
  /** The stages whose steps could not be made to trust the authorities. */
  readonly unreached: readonly Stage[];
}

/**
 * Tells every RUN of the stages of the network. So that it trusts authorities it gets a mount of the file that has them,
 * and its stage an ARG for the variables that lead there. The same ARG has a digest of what builders leave out of their
 * caches' keys: secrets, and proxies that are not declared.
 *
 * An ARG leaves nothing in the image but its history; an ENV after it wins. In BuildKit it wins over an ENV from before,
 * so those are left out. Also left out is what any instruction but RUN expands, which would become part of the image.
 * ONBUILD stays as it is: it is part of the image.
 */
export function addNetwork(options: AddNetworkOptions): RewrittenDockerfile {
  const { content, syntax, stages, certificates, digestOf, inheritedBy } = options;
  // Bytes that are not UTF-8 stay what they are.
  const lines = Buffer.from(content)
    .toString("latin1")
    .split(/(?<=\n)/);
  const added = new Map<Stage, readonly string[]>();
  const unreached: Stage[] = [];
  const inserted: number[] = [];
  const expanded = expandedNames(stages);
  for (const stage of stages) {
    const from = syntax.instructions.find(({ keyword, startLine }) => keyword === "FROM" && startLine === stage.line);
    const runs = runsOf(stage);
    if (from === undefined || runs.length === 0) {
      continue;
    }
    const trusts = certificates && mountIn(lines, runs);
    if (certificates && !trusts) {
      unreached.push(stage);
    }
    const leftOut = new Set([...inheritedBy(stage), ...(expanded.get(stage) ?? [])]);
    // With a variable that leads nowhere, a step would trust nobody.
    const variables = trusts ? Object.entries(caVariables(BUILD_BUNDLE, leftOut)) : [];
    const digest = digestOf(stage);
    const settings = [...(digest === undefined ? [] : [[DIGEST_VARIABLE, digest] as const]), ...variables];
    if (settings.length > 0) {
      const last = lines[from.endLine - 1] ?? "";
      const words = settings.map(([name, value]) => `${name}=${value}`).join(" ");
      // A builder may be told to want all instructions in the same case.
      const keyword = /^[^A-Za-z]*from/.test(lines[from.startLine - 1] ?? "") ? "arg" : "ARG";
      lines[from.endLine - 1] = `${last}${keyword} ${words}${last.endsWith("\r\n") ? "\r\n" : "\n"}`;
      inserted.push(from.endLine);
      added.set(
        stage,
        variables.map(([name]) => name),
      );
    }
  }
  return {
    content: Buffer.from(lines.join(""), "latin1"),
    originalLine: (line) => originalLine(line, inserted),
    added,
    unreached,
  };
}

export function runsOf({ instructions }: Stage): readonly Instruction[] {
  return instructions.filter(({ keyword }) => keyword === "RUN");
}

/** @returns false, and changes nothing, where the keyword itself goes over several lines. */
function mountIn(lines: string[], runs: readonly Instruction[]): boolean {
  const mounted = runs.map(({ startLine }) => withMount(lines[startLine - 1] ?? ""));
  if (mounted.includes(undefined)) {
    return false;
  }
  for (const [index, { startLine }] of runs.entries()) {
    lines[startLine - 1] = mounted[index] ?? "";
  }
  return true;
}

/** @returns undefined where the keyword itself goes over several lines. */
function withMount(line: string): string | undefined {
  const [, before, rest] = /^([^A-Za-z#]*RUN)((?:[\s\\`].*)?)$/is.exec(line) ?? [];
  return before === undefined || rest === undefined ? undefined : `${before} ${CA_MOUNT}${rest}`;
}

/** @param after the lines of the user's file after each of which one was put in, in order. */
function originalLine(line: number, after: readonly number[]): number {
  return line - after.filter((own, index) => own + index < line).length;
}
