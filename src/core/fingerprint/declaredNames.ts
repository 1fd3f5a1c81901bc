import type { Dockerfile } from "../dockerfile/Dockerfile";
import { declaredArgs } from "../dockerfile/nameValues";
import type { Stage } from "../dockerfile/Stage";

/**
 * The build arguments that a Dockerfile declares: before its first FROM, or in one of the stages. An ARG of an ONBUILD
 * counts where it stands, which is one too many at worst. So do all arguments where a name has quotes or a variable in it,
 * which some versions of BuildKit replace (ArgCommand.Expand) and others do not.
 *
 * @param args the build arguments
 */
export function declaredNames(
  { instructions, directives }: Dockerfile,
  stages: readonly Stage[],
  args: Readonly<Record<string, string>>,
): readonly string[] {
  const first = instructions.findIndex(({ keyword }) => keyword === "FROM");
  const candidates = [...instructions.slice(0, first), ...stages.flatMap((stage) => stage.instructions)];
  const names = candidates
    .map((instruction) => instruction.trigger ?? instruction)
    .filter(({ keyword }) => keyword === "ARG")
    .flatMap((instruction) => declaredArgs(instruction, directives.escape).map(({ name }) => name));
  return names.some((name) => /[$'"`\\]/u.test(name)) ? [...names, ...Object.keys(args)] : names;
}
