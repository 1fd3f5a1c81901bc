import { checkInstruction } from "./checkInstruction";
import type { Dockerfile, Instruction } from "./Dockerfile";
import { DockerfileSyntaxError } from "./DockerfileSyntaxError";
import { GlobalArgs } from "./GlobalArgs";
import { flagValue } from "./instructionFlags";
import { operands } from "./operands";
import type { Source, Stage } from "./Stage";

/**
 * Divides a Dockerfile into its stages and works out what each of them starts from. Instructions are checked on the
 * way, in the stages that nothing reaches as well: BuildKit refuses the whole Dockerfile too.
 *
 * @param args the build arguments
 * @throws DockerfileSyntaxError
 */
export function listStages(dockerfile: Dockerfile, args: Readonly<Record<string, string>>): readonly Stage[] {
  const { instructions, directives } = dockerfile;
  const globals = new GlobalArgs(args, directives.escape);
  const starts = instructions.flatMap(({ keyword }, index) => (keyword === "FROM" ? [index] : []));
  for (const instruction of instructions.slice(0, starts[0])) {
    if (instruction.keyword !== "ARG") {
      throw new DockerfileSyntaxError(instruction.startLine, `${instruction.keyword} comes before the first FROM`);
    }
    globals.declare(instruction);
  }
  if (starts.length === 0) {
    throw new DockerfileSyntaxError(instructions.at(-1)?.endLine ?? 1, "the Dockerfile has no FROM");
  }
  const stages: Stage[] = [];
  for (const [index, start] of starts.entries()) {
    const [from, ...own] = instructions.slice(start, starts[index + 1]);
    own.forEach(checkInstruction);
    if (from !== undefined) {
      stages.push({ ...startStage(from, stages, globals), index, instructions: own });
    }
  }
  return stages;
}

function startStage(
  from: Instruction,
  earlier: readonly Stage[],
  globals: GlobalArgs,
): Omit<Stage, "index" | "instructions"> {
  const line = from.startLine;
  const [image = "", ...rest] = operands(from);
  const name = stageName(rest, line);
  const platformText = flagValue(from, "platform");
  const platform = platformText === undefined || platformText === "" ? undefined : globals.expand(platformText, line);
  if (platform?.kind === "known" && platform.text === "") {
    throw new DockerfileSyntaxError(
      line,
      `the platform "${platformText ?? ""}" is empty once its variables are replaced`,
    );
  }
  return {
    ...(name === undefined ? {} : { name }),
    base: resolveBase(image, line, earlier, globals),
    ...(platform === undefined ? {} : { platform }),
    line,
  };
}

/** The name in `AS name`, if these words after the image are well-formed. */
function stageName(words: readonly string[], line: number): string | undefined {
  const [as, name] = words;
  if (as === undefined) {
    return undefined;
  }
  if (name === undefined || words.length > 2 || as.toUpperCase() !== "AS") {
    throw new DockerfileSyntaxError(line, "FROM requires an image, and may have AS and a name for the stage after it");
  }
  if (!/^[a-z][a-z0-9-_.]*$/u.test(name.toLowerCase())) {
    throw new DockerfileSyntaxError(line, `"${name}" cannot name a stage: use letters, digits, "-", "_" and "."`);
  }
  return name.toLowerCase();
}

function resolveBase(image: string, line: number, earlier: readonly Stage[], globals: GlobalArgs): Source {
  const expanded = globals.expand(image, line);
  if (expanded.kind === "unknown") {
    return { kind: "unknown", text: image };
  }
  if (expanded.text === "") {
    throw new DockerfileSyntaxError(line, `the image "${image}" is empty once its variables are replaced`);
  }
  // Only a stage before this one counts; of two with the same name, the one that comes later.
  const stage = earlier.findLast(({ name }) => name === expanded.text.toLowerCase());
  if (stage !== undefined) {
    return { kind: "stage", index: stage.index };
  }
  return expanded.text === "scratch" ? { kind: "scratch" } : { kind: "image", reference: expanded.text };
}
