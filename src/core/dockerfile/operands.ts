import type { Instruction } from "./Dockerfile";

/**
 * The arguments of an instruction that takes a list of words, such as COPY, ADD, VOLUME, EXPOSE or FROM: those of the
 * JSON form if it has one, else the text split at blanks. Quotes and variables are not dealt with: BuildKit splits
 * first, so a quoted path must not contain a blank.
 */
export function operands({ json, args }: Instruction): readonly string[] {
  return json ?? splitAtBlanks(args);
}

/**
 * The same in all ways that versions of BuildKit read them: where more follows an array in JSON form, older ones take the
 * array, newer ones words.
 */
export function operandReadings({ json, args }: Instruction): readonly (readonly string[])[] {
  if (json === undefined) {
    return [splitAtBlanks(args)];
  }
  return isJson(args) ? [json] : [json, splitAtBlanks(args)];
}

function splitAtBlanks(args: string): readonly string[] {
  return args.split(/[\t\v\f\r ]+/u).filter((word) => word !== "");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
