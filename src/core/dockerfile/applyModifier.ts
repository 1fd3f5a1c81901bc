import { removePrefix, removeSuffix } from "./shellPattern";
import { ShellSyntaxError } from "./ShellSyntaxError";
import { UNSET, type VariableLookup } from "./VariableLookup";

/** A reference such as `${name:-word}`, read and with the variables inside the word replaced. */
export interface ModifiedReference {
  readonly name: string;
  /** The character after the colon, if there is a colon, else after the name. */
  readonly operator: string;
  /** Whether a colon comes first, so that an empty value counts as none. */
  readonly emptyIsUnset: boolean;
  readonly word: string;
  readonly value: ReturnType<VariableLookup>;
}

/** What the reference is replaced by, and whether the word had a part in it. */
export interface Replacement {
  readonly text: string;
  readonly usesWord: boolean;
}

/**
 * Applies a modifier by the rules of a POSIX shell. For a value that is not known the text means nothing, but the word
 * counts as used wherever it may be.
 *
 * @throws ShellSyntaxError
 */
export function applyModifier({ name, operator, emptyIsUnset, word, value }: ModifiedReference): Replacement {
  const missing = value === UNSET || (emptyIsUnset && value === "");
  const text = typeof value === "string" ? value : "";
  switch (operator) {
    case "-":
      return missing || value === undefined ? { text: word, usesWord: true } : { text, usesWord: false };
    case "+":
      return missing ? { text: "", usesWord: false } : { text: word, usesWord: true };
    case "?":
      if (missing) {
        const problem = value === UNSET ? "is not allowed to be unset" : "is not allowed to be empty";
        throw new ShellSyntaxError(`${name}: ${word === "" ? problem : word}`);
      }
      return { text, usesWord: false };
    case "#":
    case "%": {
      const greedy = word.startsWith(operator);
      const remove = operator === "#" ? removePrefix : removeSuffix;
      return { text: remove(text, greedy ? word.slice(1) : word, greedy), usesWord: true };
    }
    default:
      throw new ShellSyntaxError(`unsupported modifier ":${operator}" in \${${name}}`);
  }
}
