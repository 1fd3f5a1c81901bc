import type { Instruction } from "./Dockerfile";
import { DockerfileSyntaxError } from "./DockerfileSyntaxError";
import { isHeredocMark } from "./findHeredocs";
import { operandReadings } from "./operands";

/** What BuildKit refuses when it gives instructions their meaning, and not yet when it parses them. */
export function checkInstruction(instruction: Instruction): void {
  const problem = problemOf(instruction);
  if (problem !== undefined) {
    throw new DockerfileSyntaxError(instruction.startLine, problem);
  }
}

function problemOf(instruction: Instruction): string | undefined {
  const { keyword, args, json, trigger } = instruction;
  switch (keyword) {
    case "ADD":
    case "COPY": {
      const readings = operandReadings(instruction);
      if (readings.every((words) => words.length < 2)) {
        return `${keyword} requires at least two arguments: a source and a destination`;
      }
      return readings.every((words) => isHeredocMark(words.at(-1) ?? ""))
        ? `${keyword} cannot take a heredoc as its destination`
        : undefined;
    }
    case "HEALTHCHECK":
      return healthcheckProblem(args);
    case "SHELL":
      return json === undefined || json.length === 0 ? "SHELL requires its arguments in JSON form" : undefined;
    case "VOLUME":
      return json?.length === 0 ? "VOLUME requires at least one argument" : undefined;
    case "ONBUILD":
      if (trigger?.keyword === "FROM" || trigger?.keyword === "MAINTAINER") {
        return `ONBUILD cannot trigger ${trigger.keyword}`;
      }
      return trigger === undefined ? undefined : problemOf(trigger);
    default:
      return undefined;
  }
}

function healthcheckProblem(args: string): string | undefined {
  const [type = "", ...command] = args.split(/\s+/u);
  switch (type.toUpperCase()) {
    case "":
      return "HEALTHCHECK requires at least one argument";
    case "NONE":
      return command.length === 0 ? undefined : "HEALTHCHECK NONE takes no arguments";
    case "CMD":
      return command.length === 0 ? "HEALTHCHECK CMD requires a command" : undefined;
    default:
      return `HEALTHCHECK does not know the type ${type}: use CMD or NONE`;
  }
}
