import { applyModifier } from "./applyModifier";
import { CharacterReader } from "./CharacterReader";
import type { EscapeCharacter } from "./Dockerfile";
import { readVariableName } from "./readVariableName";
import { replacePattern } from "./shellPattern";
import { isSpace } from "./goSpace";
import { ShellSyntaxError } from "./ShellSyntaxError";
import { UNSET, type VariableLookup } from "./VariableLookup";
import { WordCollector } from "./WordCollector";

export interface ShellLexerOptions {
  readonly escape: EscapeCharacter;
  readonly lookup: VariableLookup;
  /** Leave quotes in the result. */
  readonly rawQuotes?: boolean;
  /** Leave escape characters in the result. */
  readonly rawEscapes?: boolean;
  /** Leave references to unset variables as they are written. */
  readonly keepUnset?: boolean;
}

export interface LexedText {
  readonly text: string;
  /** The text split at spaces that were neither quoted nor escaped. */
  readonly words: readonly string[];
  /** The variables with no known value that have a part in the result; if there are any, it is not to be used. */
  readonly unresolved: readonly string[];
}

type Lexed = Omit<LexedText, "unresolved">;

/** Deep nesting can only be an attack on the call stack. */
const MAX_DEPTH = 200;

/**
 * Removes quotes and replaces variables as BuildKit does outside of RUN (frontend/dockerfile/shell): close to a POSIX
 * shell, with its own rules for escapes in quotes and for the patterns in `${}`.
 */
export class ShellLexer {
  readonly #reader: CharacterReader;
  readonly #options: ShellLexerOptions;
  readonly #unresolved: string[] = [];
  #depth = 0;
  #rawEscapes: boolean;

  private constructor(text: string, options: ShellLexerOptions) {
    this.#reader = new CharacterReader(text);
    this.#options = options;
    this.#rawEscapes = options.rawEscapes ?? false;
  }

  /** @throws ShellSyntaxError */
  static lex(text: string, options: ShellLexerOptions): LexedText {
    const lexer = new ShellLexer(text, options);
    return { ...lexer.#lexUntil(undefined), unresolved: [...new Set(lexer.#unresolved)] };
  }

  /** Reads up to and including `stop`, or to the end of the text if there is none. */
  #lexUntil(stop: string | undefined): Lexed {
    const words = new WordCollector();
    let text = "";
    const add = (raw: boolean, part: string): void => {
      text += part;
      if (raw) {
        words.addRaw(part);
      } else {
        words.add(part);
      }
    };
    for (let next = this.#reader.peek(); next !== stop; next = this.#reader.peek()) {
      if (next === undefined) {
        throw new ShellSyntaxError(`nothing closes what should end with "${stop ?? ""}"`);
      }
      if (next === "$") {
        add(false, this.#dollar());
      } else if (next === "'") {
        add(true, this.#singleQuoted());
      } else if (next === '"') {
        add(true, this.#doubleQuoted());
      } else if (next === "<") {
        add(true, this.#heredocMark());
      } else if (next === this.#options.escape) {
        this.#reader.take();
        add(true, (this.#rawEscapes ? next : "") + (this.#reader.take() ?? ""));
      } else {
        this.#reader.take();
        add(false, next);
      }
    }
    this.#reader.take();
    return { text, words: words.finish() };
  }

  /** Spaces between `<<` and the name of a heredoc belong to the word. */
  #heredocMark(): string {
    this.#reader.take();
    if (this.#reader.peek() !== "<") {
      return "<";
    }
    this.#reader.take();
    return `<<${this.#reader.takeWhile(isSpace)}`;
  }

  #singleQuoted(): string {
    this.#reader.take();
    const content = this.#reader.takeWhile((character) => character !== "'");
    if (this.#reader.take() === undefined) {
      throw new ShellSyntaxError("a single quote is not closed");
    }
    return this.#options.rawQuotes === true ? `'${content}'` : content;
  }

  #doubleQuoted(): string {
    const { escape } = this.#options;
    let content = "";
    this.#reader.take();
    for (let next = this.#reader.peek(); next !== '"'; next = this.#reader.peek()) {
      if (next === undefined) {
        throw new ShellSyntaxError("a double quote is not closed");
      }
      if (next === "$") {
        content += this.#dollar();
        continue;
      }
      this.#reader.take();
      if (next !== escape) {
        content += next;
        continue;
      }
      const escaped = this.#reader.peek();
      const isEscape = escaped === '"' || escaped === "$" || escaped === escape;
      if (isEscape) {
        this.#reader.take();
      }
      // A backslash before anything else stays.
      content += (this.#rawEscapes ? next : "") + (isEscape ? escaped : next);
    }
    this.#reader.take();
    return this.#options.rawQuotes === true ? `"${content}"` : content;
  }

  #dollar(): string {
    this.#reader.take();
    if (this.#reader.peek() !== "{") {
      const name = readVariableName(this.#reader);
      return name === "" ? "$" : this.#valueOf(name, `$${name}`);
    }
    this.#reader.take();
    const first = this.#reader.peek();
    if (first === undefined || first === "{" || first === "}" || first === ":") {
      throw new ShellSyntaxError("bad substitution in ${}");
    }
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      throw new ShellSyntaxError("${} is nested too deeply");
    }
    const result = this.#braced(readVariableName(this.#reader));
    this.#depth -= 1;
    return result;
  }

  #braced(name: string): string {
    const operator = this.#reader.take();
    switch (operator) {
      case "}":
        return this.#valueOf(name, `\${${name}}`);
      case ":":
        return this.#modified(name, this.#reader.take() ?? "", true);
      case "+":
      case "-":
      case "?":
      case "#":
      case "%":
        return this.#modified(name, operator, false);
      case "/":
        return this.#replaced(name);
      default:
        throw new ShellSyntaxError(`unsupported modifier "${operator ?? ""}" in \${${name}}`);
    }
  }

  #modified(name: string, operator: string, emptyIsUnset: boolean): string {
    const before = this.#unresolved.length;
    const isPattern = operator === "#" || operator === "%";
    const word = this.#operand("}", isPattern);
    const value = this.#options.lookup(name);
    if (value === UNSET && this.#options.keepUnset === true) {
      return `\${${name}${emptyIsUnset ? ":" : ""}${operator}${word}}`;
    }
    if (isPattern && this.#unresolved.length > before) {
      // A part of the pattern is not known, so not even its syntax can be judged.
      return "";
    }
    const { text, usesWord } = applyModifier({ name, operator, emptyIsUnset, word, value });
    if (!usesWord) {
      this.#unresolved.length = before;
    }
    if (value === undefined) {
      this.#unresolved.push(name);
    }
    return text;
  }

  #replaced(name: string): string {
    const all = this.#reader.peek() === "/";
    if (all) {
      this.#reader.take();
    }
    const before = this.#unresolved.length;
    const pattern = this.#operand("/", true);
    const patternKnown = this.#unresolved.length === before;
    const replacement = this.#operand("}", true);
    const value = this.#options.lookup(name);
    if (value === UNSET && this.#options.keepUnset === true) {
      return `\${${name}${all ? "//" : "/"}${pattern}/${replacement}}`;
    }
    if (value === undefined) {
      this.#unresolved.push(name);
    }
    return patternKnown ? replacePattern(typeof value === "string" ? value : "", pattern, replacement, all) : "";
  }

  #operand(stop: string, rawEscapes: boolean): string {
    const outer = this.#rawEscapes;
    this.#rawEscapes = rawEscapes;
    const { text } = this.#lexUntil(stop);
    this.#rawEscapes = outer;
    return text;
  }

  #valueOf(name: string, written: string): string {
    const value = this.#options.lookup(name);
    if (value === undefined) {
      this.#unresolved.push(name);
      return "";
    }
    if (value === UNSET) {
      return this.#options.keepUnset === true ? written : "";
    }
    return value;
  }
}
