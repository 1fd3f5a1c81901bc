import type { Instruction } from "./Dockerfile";

/**
 * The arguments of an instruction that takes a list of words, such as COPY, ADD, VOLUME, EXPOSE or FROM: those of the
 * JSON form if it has one, else the text split at blanks. Quotes and variables are not dealt with: BuildKit splits
 * first, so a quoted path must not contain a blank.
 */
export function operands(instruction: Instruction): readonly string[] {
  return instruction.json ?? instruction.args.split(/[\t\v\f\r ]+/u).filter((word) => word !== "");
}
