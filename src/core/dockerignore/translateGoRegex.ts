/** Go's `\s`, and everything else: JavaScript's own `\s` contains more. */
const GO_SPACE = "\\t\\n\\f\\r ";
const NOT_GO_SPACE = "\\0-\\x08\\x0b\\x0e-\\x1f!-\\u{10ffff}";

const CONTROL_ESCAPES: Readonly<Record<string, string>> = {
  a: "\\x07",
  f: "\\f",
  n: "\\n",
  r: "\\r",
  t: "\\t",
  v: "\\v",
};
const CLASS_ESCAPES = new Set(["d", "D", "w", "W"]);
const ASSERTIONS: Readonly<Record<string, string>> = { A: "^", z: "$", b: "\\b", B: "\\B" };

/**
 * Turns the source of a Go regular expression into a JavaScript one, for the part of Go's syntax that an ignore pattern
 * can produce: groups, `*`, `?`, anchors, classes and escapes. What JavaScript would read differently is rewritten; what
 * is not understood throws, because a pattern must never be matched by guess.
 */
export function translateGoRegex(source: string): RegExp {
  const characters = Array.from(source);
  let result = "";
  let position = 0;
  while (position < characters.length) {
    const character = characters[position] ?? "";
    if (character === "\\") {
      const escaped = characters[position + 1] ?? "";
      result += ASSERTIONS[escaped] ?? bracketed(escaped) ?? translateEscape(escaped);
      position += 2;
    } else if (character === "[") {
      const translated = translateClass(characters, position + 1);
      result += translated.text;
      position = translated.end;
    } else {
      result += translateCharacter(character);
      position += 1;
    }
  }
  return new RegExp(result, "u");
}

function translateCharacter(character: string): string {
  if (character === ".") {
    // Go's dot stops at line feeds only.
    return "[^\\n]";
  }
  return /[\]{}|+]/u.test(character) ? `\\${character}` : character;
}

function translateClass(characters: readonly string[], start: number): { readonly text: string; readonly end: number } {
  let position = start;
  let text = "[";
  if (characters[position] === "^") {
    text += "^";
    position += 1;
  }
  for (let first = true; first || characters[position] !== "]"; first = false) {
    const low = readClassMember(characters, position);
    position = low.end;
    text += low.text;
    if (characters[position] === "-" && characters[position + 1] !== "]") {
      const high = readClassMember(characters, position + 1);
      position = high.end;
      text += `-${high.text}`;
    }
  }
  return { text: `${text}]`, end: position + 1 };
}

function readClassMember(
  characters: readonly string[],
  position: number,
): { readonly text: string; readonly end: number } {
  const character = characters[position];
  if (character === undefined) {
    throw new SyntaxError("a character class is not closed");
  }
  if (character === "\\") {
    return { text: translateEscape(characters[position + 1] ?? ""), end: position + 2 };
  }
  if (character === "[" && characters[position + 1] === ":") {
    throw new SyntaxError("named character classes such as [:alpha:] are not supported");
  }
  return { text: literal(character), end: position + 1 };
}

function bracketed(escaped: string): string | undefined {
  return escaped === "s" || escaped === "S" ? `[${translateEscape(escaped)}]` : undefined;
}

function translateEscape(escaped: string): string {
  if (escaped === "s" || escaped === "S") {
    return escaped === "s" ? GO_SPACE : NOT_GO_SPACE;
  }
  if (CLASS_ESCAPES.has(escaped)) {
    return `\\${escaped}`;
  }
  const control = CONTROL_ESCAPES[escaped];
  if (control !== undefined) {
    return control;
  }
  // Go accepts a backslash before any ASCII punctuation; before a letter or a digit it has a meaning of its own.
  if (escaped === "" || escaped > "\x7f" || /[0-9A-Za-z]/u.test(escaped)) {
    throw new SyntaxError(`the escape \\${escaped} is not supported`);
  }
  return literal(escaped);
}

function literal(character: string): string {
  return /[0-9A-Za-z_]/u.test(character) ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
