import type { Instruction } from "../dockerfile/Dockerfile";
import type { Stage } from "../dockerfile/Stage";
import { parseStepHeading, type StepHeading } from "./StepHeading";

/** BuildKit numbers these, and a FROM of an image. */
const NUMBERED_BY_BUILDKIT = new Set(["RUN", "COPY", "ADD", "WORKDIR"]);

/** What comes before the instruction where the position says nothing. */
const HEADING = /^(?:\[[^\]]*\] )?(?:STEP \d+\/\d+ ?: )?/i;

export interface StepPlaces {
  readonly instructions: readonly Instruction[];
  /** Those that are built. */
  readonly stages: readonly Stage[];
}

/**
 * The instruction that a step of a build runs, or undefined when that is not certain. The position in its stage decides
 * where the builder counts what is in the Dockerfile and nothing else (an ONBUILD of a base image adds steps); else the
 * text, in which variables may have been replaced, and which may be there twice.
 */
export function locateStep(step: string, { instructions, stages }: StepPlaces): Instruction | undefined {
  const heading = parseStepHeading(step, stages);
  const text = normalize(heading?.text ?? step.replace(HEADING, ""));
  const keyword = text.split(" ")[0]?.toUpperCase();
  const there = heading === undefined ? undefined : atPosition(heading, instructions);
  if (
    there !== undefined &&
    there.keyword === keyword &&
    (heading?.builder === "buildkit" || isSameText(there, text))
  ) {
    return there;
  }
  const same = instructions.filter(({ original }) => normalize(original) === text);
  const candidates = same.length > 0 ? same : instructions.filter((instruction) => instruction.keyword === keyword);
  return candidates.length === 1 ? candidates[0] : undefined;
}

function atPosition(heading: StepHeading, instructions: readonly Instruction[]): Instruction | undefined {
  const { builder, stage, position, total } = heading;
  if (builder === "classic") {
    return instructions[position - 1];
  }
  if (stage === undefined) {
    return undefined;
  }
  const from = instructions.filter(({ keyword, startLine }) => keyword === "FROM" && startLine === stage.line);
  if (builder === "buildah") {
    return [...from, ...stage.instructions][position - 1];
  }
  const steps = stage.instructions.filter(({ keyword }) => NUMBERED_BY_BUILDKIT.has(keyword));
  const fromImage = stage.base.kind === "image" || (stage.base.kind === "unknown" && total > steps.length);
  const numbered = fromImage ? [...from, ...steps] : steps;
  return numbered.length === total ? numbered[position - 1] : undefined;
}

/** Buildah says instructions as they are written, but of one with a heredoc more than its line. */
function isSameText({ original, heredocs }: Instruction, text: string): boolean {
  return heredocs.length > 0 ? text.startsWith(normalize(original)) : normalize(original) === text;
}

/** Without what builders change when they name a step: white space and the case of the keyword. */
function normalize(text: string): string {
  return text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/^\S+/, (keyword) => keyword.toUpperCase());
}
