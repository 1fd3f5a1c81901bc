import type { Instruction } from "../dockerfile/Dockerfile";

/** "[2/4] ", "[build 2/4] " (BuildKit) and "STEP 2/4: ", "[1/2] STEP 2/4: " (buildah) before the instruction. */
const HEADING = /^(?:\[[^\]]*\] )?(?:STEP \d+\/\d+: )?/;

/**
 * The line of the instruction that a step of a build runs, from 1, or undefined when that is not certain: variables may
 * have been replaced in the step's name, and the same instruction may be there twice.
 */
export function locateStep(step: string, instructions: readonly Instruction[]): number | undefined {
  const text = normalize(step.replace(HEADING, ""));
  const same = instructions.filter(({ original }) => normalize(original) === text);
  const candidates =
    same.length > 0 ? same : instructions.filter(({ keyword }) => keyword === text.split(" ")[0]?.toUpperCase());
  return candidates.length === 1 ? candidates[0]?.startLine : undefined;
}

/** Without what builders change when they name a step: white space and the case of the keyword. */
function normalize(text: string): string {
  return text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/^\S+/, (keyword) => keyword.toUpperCase());
}
