import type { Heredoc, Instruction } from "./Dockerfile";
import { trimSpaceStart } from "./goSpace";
import { ShellLexer, type LexedText } from "./ShellLexer";
import { ShellSyntaxError } from "./ShellSyntaxError";
import { UNSET } from "./VariableLookup";

const HEREDOC_INSTRUCTIONS = new Set(["ADD", "COPY", "RUN"]);

/**
 * The heredocs that a logical line announces, without their content. A mark inside quotes is none, nor is one in the
 * JSON form or in another instruction. The escape character is a backslash here whatever `# escape=` says, as in
 * BuildKit.
 */
export function findHeredocs(instruction: Instruction): readonly Omit<Heredoc, "content">[] {
  const { keyword, json } = instruction.trigger ?? instruction;
  if (!HEREDOC_INSTRUCTIONS.has(keyword) || json !== undefined || !instruction.original.includes("<<")) {
    return [];
  }
  const words = lex(instruction.original, { rawQuotes: true, rawEscapes: true })?.words ?? [];
  return words.flatMap((word) => parseHeredoc(word) ?? []);
}

/** Whether a word of COPY or ADD stands for a heredoc rather than for a path. */
export function isHeredocMark(word: string): boolean {
  return parseHeredoc(word) !== undefined;
}

function parseHeredoc(word: string): Omit<Heredoc, "content"> | undefined {
  const [, dash, afterMark] = /^\d*<<(-?)([^<]*)$/u.exec(word) ?? [];
  const written = trimSpaceStart(afterMark ?? "");
  const [name, ...others] = lex(written, {})?.words ?? [];
  const [quotedName] = lex(written, { rawQuotes: true })?.words ?? [];
  if (name === undefined || quotedName === undefined || others.length > 0) {
    return undefined;
  }
  // Quotes that vanish quoted some part of the name.
  return { name, expand: countQuotes(name) === countQuotes(quotedName), chomp: dash === "-" };
}

function countQuotes(text: string): number {
  return text.split(/['"]/u).length;
}

/** A line that cannot be split into words announces nothing. */
function lex(text: string, raw: { readonly rawQuotes?: true; readonly rawEscapes?: true }): LexedText | undefined {
  try {
    return ShellLexer.lex(text, { escape: "\\", lookup: () => UNSET, keepUnset: true, ...raw });
  } catch (error) {
    if (error instanceof ShellSyntaxError) {
      return undefined;
    }
    throw error;
  }
}
