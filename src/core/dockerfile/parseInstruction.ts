import type { EscapeCharacter, Instruction } from "./Dockerfile";
import { DockerfileSyntaxError } from "./DockerfileSyntaxError";
import { trimSpace } from "./goSpace";
import { nameValues } from "./nameValues";
import { parseJsonForm } from "./parseJsonForm";
import { splitFlags } from "./splitFlags";

/** Every instruction, and whether its arguments may be missing as far as the syntax goes. */
const ARGUMENTS = new Map<string, "required" | "optional">([
  ["ADD", "required"],
  ["ARG", "required"],
  ["CMD", "optional"],
  ["COPY", "required"],
  ["ENTRYPOINT", "optional"],
  ["ENV", "required"],
  ["EXPOSE", "required"],
  ["FROM", "required"],
  // Refused in checkInstruction: BuildKit's parser takes a bare HEALTHCHECK, and only its next step does not.
  ["HEALTHCHECK", "optional"],
  ["LABEL", "required"],
  ["MAINTAINER", "required"],
  ["ONBUILD", "required"],
  ["RUN", "optional"],
  ["SHELL", "required"],
  ["STOPSIGNAL", "required"],
  ["USER", "required"],
  ["VOLUME", "required"],
  ["WORKDIR", "required"],
]);

const JSON_FORM = new Set(["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME"]);

/**
 * Parses one logical line. Its heredocs are not known yet, and its end line is its start line.
 *
 * @throws DockerfileSyntaxError
 */
export function parseInstruction(original: string, startLine: number, escape: EscapeCharacter): Instruction {
  const [, word = "", afterKeyword = ""] = /^([^\t\v\f\r ]*)[\t\v\f\r ]*(.*)$/su.exec(trimSpace(original)) ?? [];
  const keyword = word.toUpperCase();
  const need = ARGUMENTS.get(keyword);
  if (need === undefined) {
    throw new DockerfileSyntaxError(startLine, `unknown instruction: ${word}`);
  }
  const { flags, rest } = splitFlags(afterKeyword);
  const args = trimSpace(rest);
  if (need === "required" && args === "") {
    throw new DockerfileSyntaxError(startLine, `${keyword} requires at least one argument`);
  }
  if (keyword === "ENV" || keyword === "LABEL") {
    nameValues({ keyword, args, startLine }, escape);
  }
  const json = jsonForm(keyword, args, startLine);
  return {
    keyword,
    flags,
    args,
    ...(json === undefined ? {} : { json }),
    heredocs: [],
    ...(keyword === "ONBUILD" ? { trigger: parseTrigger(args, startLine, escape) } : {}),
    startLine,
    endLine: startLine,
    original,
  };
}

function jsonForm(keyword: string, args: string, line: number): readonly string[] | undefined {
  if (keyword === "HEALTHCHECK") {
    return parseJsonForm(/^\S+\s+(.*)$/su.exec(args)?.[1] ?? "", line);
  }
  return JSON_FORM.has(keyword) ? parseJsonForm(args, line) : undefined;
}

function parseTrigger(args: string, line: number, escape: EscapeCharacter): Instruction {
  if (/^ONBUILD(?!\S)/iu.test(args)) {
    throw new DockerfileSyntaxError(line, "ONBUILD cannot trigger another ONBUILD");
  }
  return parseInstruction(args, line, escape);
}
