import type { EscapeCharacter, Instruction } from "./Dockerfile";
import { DockerfileSyntaxError } from "./DockerfileSyntaxError";
import { splitWords } from "./splitWords";

/** One setting of ARG, ENV or LABEL, quotes and variables not yet dealt with. */
export interface NameValue {
  readonly name: string;
  /** Absent only for an ARG without a default. */
  readonly value?: string;
  /** Empty in the old form `ENV name value`. */
  readonly separator: "" | "=";
}

type Source = Pick<Instruction, "keyword" | "args" | "startLine">;

/** The settings of an ENV or LABEL: `name=value ...`, or the old form in which all after the name is the value. */
export function nameValues(instruction: Source, escape: EscapeCharacter): readonly NameValue[] {
  const { keyword, args, startLine } = instruction;
  const words = splitWords(args, escape);
  if (words[0] !== undefined && !words[0].includes("=")) {
    const [, name, value] = /^(.*?)[\t\v\f\r ]+(.*)$/su.exec(args) ?? [];
    if (name === undefined || value === undefined) {
      throw new DockerfileSyntaxError(startLine, `${keyword} must have two arguments`);
    }
    return [{ name, value, separator: "" }];
  }
  return words.map((word) => {
    const pair = splitPair(word, { keyword, startLine });
    if (pair.value === undefined) {
      throw new DockerfileSyntaxError(startLine, `${keyword}: "${word}" must be of the form name=value`);
    }
    return pair;
  });
}

/** The arguments that an ARG declares, each with or without a default. */
export function declaredArgs(instruction: Source, escape: EscapeCharacter): readonly NameValue[] {
  return splitWords(instruction.args, escape).map((word) => splitPair(word, instruction));
}

function splitPair(word: string, { keyword, startLine }: Pick<Source, "keyword" | "startLine">): NameValue {
  const equals = word.indexOf("=");
  if (equals === 0) {
    throw new DockerfileSyntaxError(startLine, `${keyword}: a name is missing before "${word}"`);
  }
  return equals < 0
    ? { name: word, separator: "=" }
    : { name: word.slice(0, equals), value: word.slice(equals + 1), separator: "=" };
}
