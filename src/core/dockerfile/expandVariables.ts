import type { EscapeCharacter } from "./Dockerfile";
import { ShellLexer } from "./ShellLexer";
import { ShellSyntaxError } from "./ShellSyntaxError";
import type { VariableLookup } from "./VariableLookup";

/** A text whose value is known before the build, or the variables for which it is not. */
export type KnownText =
  | { readonly kind: "known"; readonly text: string }
  | { readonly kind: "unknown"; readonly unresolved: readonly string[] };

/** What became of a word: its text, the variables that stand in the way, or why the builder would refuse it. */
export type Expansion = KnownText | { readonly kind: "invalid"; readonly message: string };

/**
 * Removes quotes and replaces variables in one word, as BuildKit does in every instruction except RUN, CMD and
 * ENTRYPOINT. A variable that is not known makes the result unknown only if it has a part in it: `${A:-$B}` needs no B
 * when A is set.
 */
export function expandVariables(word: string, lookup: VariableLookup, escape: EscapeCharacter): Expansion {
  try {
    const { text, unresolved } = ShellLexer.lex(word, { escape, lookup });
    return unresolved.length === 0 ? { kind: "known", text } : { kind: "unknown", unresolved };
  } catch (error) {
    if (error instanceof ShellSyntaxError) {
      return { kind: "invalid", message: error.message };
    }
    throw error;
  }
}
