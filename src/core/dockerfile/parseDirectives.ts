import type { Directives, EscapeCharacter } from "./Dockerfile";
import { DockerfileSyntaxError } from "./DockerfileSyntaxError";
import { trimSpace } from "./goSpace";

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)$/su;
const NAMES = new Set(["check", "escape", "syntax"]);

/**
 * Reads the directives. They stand in the first lines; whatever else comes, even a blank line or a comment, ends them
 * (BuildKit's `DirectiveParser`).
 *
 * @throws DockerfileSyntaxError
 */
export function parseDirectives(lines: readonly string[]): Directives {
  const found = readDirectives(lines);
  // The search for a frontend looks past a `#!` line, while for the parser that line is a comment like any other.
  const syntax =
    lines[0]?.startsWith("#!") === true ? readDirectives(lines.slice(1)).get("syntax") : found.get("syntax");
  const check = found.get("check");
  return {
    ...(syntax === undefined ? {} : { syntax: syntax.value.split(" ")[0] ?? syntax.value }),
    escape: escapeCharacter(found.get("escape")),
    ...(check === undefined ? {} : { check: check.value }),
  };
}

interface Directive {
  readonly value: string;
  readonly line: number;
}

function readDirectives(lines: readonly string[]): ReadonlyMap<string, Directive> {
  const directives = new Map<string, Directive>();
  for (const [index, line] of lines.entries()) {
    const [, written, value] = DIRECTIVE.exec(trimSpace(line)) ?? [];
    const name = written?.toLowerCase();
    if (name === undefined || value === undefined || !NAMES.has(name)) {
      break;
    }
    if (directives.has(name)) {
      throw new DockerfileSyntaxError(index + 1, `only one ${name} parser directive can be used`);
    }
    directives.set(name, { value, line: index + 1 });
  }
  return directives;
}

function escapeCharacter(directive: Directive | undefined): EscapeCharacter {
  const value = directive?.value ?? "\\";
  if (value !== "\\" && value !== "`") {
    throw new DockerfileSyntaxError(directive?.line ?? 1, `invalid escape character "${value}": use \\ or \``);
  }
  return value;
}
