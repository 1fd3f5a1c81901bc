import type { Dockerfile, EscapeCharacter, Heredoc, Instruction } from "./Dockerfile";
import { DockerfileSyntaxError } from "./DockerfileSyntaxError";
import { findHeredocs } from "./findHeredocs";
import { trimLineEnd, trimSpaceStart } from "./goSpace";
import { parseDirectives } from "./parseDirectives";
import { parseInstruction } from "./parseInstruction";

/**
 * Parses a Dockerfile as BuildKit's parser does (frontend/dockerfile/parser), and refuses unknown instructions and
 * missing arguments besides. What only makes sense across instructions is checked by listStages.
 *
 * @throws DockerfileSyntaxError
 */
export function parseDockerfile(text: string): Dockerfile {
  const lines = splitLines(text.startsWith("\uFEFF") ? text.slice(1) : text);
  const directives = parseDirectives(lines);
  const instructions: Instruction[] = [];
  for (let next = 0; next < lines.length;) {
    const logical = joinLines(lines, next, directives.escape);
    if (logical.text === "") {
      next = logical.end;
      continue;
    }
    const instruction = parseInstruction(logical.text, next + 1, directives.escape);
    const { heredocs, end } = readHeredocs(lines, logical.end, instruction);
    instructions.push({
      ...instruction,
      heredocs,
      ...(instruction.trigger === undefined ? {} : { trigger: { ...instruction.trigger, heredocs, endLine: end } }),
      endLine: end,
    });
    next = end;
  }
  if (instructions.length === 0) {
    throw new DockerfileSyntaxError(Math.max(1, lines.length), "the Dockerfile contains no instructions");
  }
  return { directives, instructions };
}

/** The lines with their line ends, since a heredoc keeps them. */
function splitLines(text: string): readonly string[] {
  return text.split(/(?<=\n)/u).filter((line) => line !== "");
}

/** The logical line that starts at `start`, and the index of the line after it; empty for a comment or a blank line. */
function joinLines(
  lines: readonly string[],
  start: number,
  escape: EscapeCharacter,
): { readonly text: string; readonly end: number } {
  const first = trimSpaceStart(trimLineEnd(lines[start] ?? ""));
  let { text, continues } = first.startsWith("#") ? { text: "", continues: false } : splitContinuation(first, escape);
  const continued = continues;
  let end = start + 1;
  while (continues && end < lines.length) {
    const line = trimLineEnd(lines[end] ?? "");
    end += 1;
    const content = trimSpaceStart(line);
    // Comments and blank lines inside an instruction are passed over; neither ends it.
    if (content !== "" && !content.startsWith("#")) {
      const next = splitContinuation(line, escape);
      text += next.text;
      continues = next.continues;
    }
  }
  if (continued && trimSpaceStart(text) === "") {
    throw new DockerfileSyntaxError(start + 1, "a continued line contains no instruction");
  }
  return { text, end };
}

/** An escape character at the end continues the line, unless another one stands before it. */
function splitContinuation(
  line: string,
  escape: EscapeCharacter,
): { readonly text: string; readonly continues: boolean } {
  let end = line.length;
  while (end > 0 && (line[end - 1] === " " || line[end - 1] === "\t")) {
    end -= 1;
  }
  const continues = line[end - 1] === escape && line[end - 2] !== escape;
  return { text: continues ? line.slice(0, end - 1) : line, continues };
}

function readHeredocs(
  lines: readonly string[],
  start: number,
  instruction: Instruction,
): { readonly heredocs: readonly Heredoc[]; readonly end: number } {
  let end = start;
  const heredocs = findHeredocs(instruction).map((heredoc) => {
    const first = end;
    for (let line = lines[end]; line === undefined || !isTerminator(line, heredoc); line = lines[end]) {
      if (line === undefined) {
        throw new DockerfileSyntaxError(instruction.startLine, `nothing ends the heredoc "${heredoc.name}"`);
      }
      end += 1;
    }
    end += 1;
    return { ...heredoc, content: lines.slice(first, end - 1).join("") };
  });
  return { heredocs, end };
}

function isTerminator(line: string, heredoc: Omit<Heredoc, "content">): boolean {
  const text = trimLineEnd(line);
  return (heredoc.chomp ? text.replace(/^\t+/u, "") : text) === heredoc.name;
}
