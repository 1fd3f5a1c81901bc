import type { Dockerfile } from "../dockerfile/Dockerfile";
import { declaredArgs } from "../dockerfile/nameValues";
import type { Stage } from "../dockerfile/Stage";

/**
 * The build arguments that a Dockerfile declares: before its first FROM, or in one of the stages. An ARG of an ONBUILD
 * counts where it stands, which is one too many at worst.
 */
export function declaredNames({ instructions, directives }: Dockerfile, stages: readonly Stage[]): readonly string[] {
  const first = instructions.findIndex(({ keyword }) => keyword === "FROM");
  const candidates = [...instructions.slice(0, first), ...stages.flatMap((stage) => stage.instructions)];
  return candidates
    .map((instruction) => instruction.trigger ?? instruction)
    .filter(({ keyword }) => keyword === "ARG")
    .flatMap((instruction) => declaredArgs(instruction, directives.escape).map(({ name }) => name));
}
