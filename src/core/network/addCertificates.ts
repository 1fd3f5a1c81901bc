import type { Dockerfile, Instruction } from "../dockerfile/Dockerfile";
import type { Stage } from "../dockerfile/Stage";
import { caVariables } from "./caVariables";

/** Under this ID the builder asks for the authorities. */
export const CA_SECRET = "slipway-ca";

/** Below /dev, which is made anew for every step, so that nothing of the mount stays in the image. */
export const BUILD_BUNDLE = "/dev/slipway-ca.pem";

const MOUNT = `--mount=type=secret,id=${CA_SECRET},target=${BUILD_BUNDLE},mode=0444`;

export interface AddCertificatesOptions {
  readonly content: Uint8Array;
  readonly syntax: Dockerfile;
  /** Those that are built. */
  readonly stages: readonly Stage[];
  /** The variables that are set already in what a stage starts from. */
  readonly inheritedBy: (stage: Stage) => ReadonlySet<string>;
}

/** A Dockerfile of ours, and the way back to the user's. */
export interface RewrittenDockerfile {
  readonly content: Uint8Array;
  /** The line in the user's file, from 1. */
  readonly originalLine: (line: number) => number;
  /** What a builder says of an instruction, in the user's words. */
  readonly originalText: (text: string) => string;
}

/**
 * Lets every RUN of the stages trust authorities: each gets a mount of the file that has them, and each stage an ARG for
 * the variables that lead there. An ARG reaches nothing but RUN and leaves nothing in the image but its history; an ENV
 * after it wins. (In BuildKit an ARG wins over an ENV from before, so those are left out.) ONBUILD stays as it is: it is
 * part of the image.
 */
export function addCertificates(options: AddCertificatesOptions): RewrittenDockerfile {
  const { content, syntax, stages, inheritedBy } = options;
  // Bytes that are not UTF-8 stay what they are.
  const lines = Buffer.from(content)
    .toString("latin1")
    .split(/(?<=\n)/);
  const inserted: number[] = [];
  for (const stage of stages) {
    const from = syntax.instructions.find(({ keyword, startLine }) => keyword === "FROM" && startLine === stage.line);
    const runs = runsOf(stage);
    const mounted = runs.map(({ startLine }) => withMount(lines[startLine - 1] ?? ""));
    // With a variable that leads nowhere, a step would trust nobody.
    if (from === undefined || runs.length === 0 || mounted.includes(undefined)) {
      continue;
    }
    for (const [index, { startLine }] of runs.entries()) {
      lines[startLine - 1] = mounted[index] ?? "";
    }
    const settings = Object.entries(caVariables(BUILD_BUNDLE, inheritedBy(stage)));
    if (settings.length > 0) {
      const last = lines[from.endLine - 1] ?? "";
      const words = settings.map(([name, path]) => `${name}=${path}`).join(" ");
      lines[from.endLine - 1] = `${last}ARG ${words}${last.endsWith("\r\n") ? "\r\n" : "\n"}`;
      inserted.push(from.endLine);
    }
  }
  return {
    content: Buffer.from(lines.join(""), "latin1"),
    originalLine: (line) => originalLine(line, inserted),
    originalText: (text) => text.replaceAll(`${MOUNT} `, ""),
  };
}

export function runsOf({ instructions }: Stage): readonly Instruction[] {
  return instructions.filter(({ keyword }) => keyword === "RUN");
}

/** @returns undefined where the keyword itself goes over several lines. */
function withMount(line: string): string | undefined {
  const [, before, rest] = /^([^A-Za-z#]*RUN)((?:[\s\\`].*)?)$/is.exec(line) ?? [];
  return before === undefined || rest === undefined ? undefined : `${before} ${MOUNT}${rest}`;
}

/** @param after the lines of the user's file after each of which one was put in, in order. */
function originalLine(line: number, after: readonly number[]): number {
  return line - after.filter((own, index) => own + index < line).length;
}
