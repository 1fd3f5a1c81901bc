import { posix } from "node:path";
import { showText } from "../showText";
import { readable } from "./checkedBy";
import { normalContainerPath } from "./containerPath";
import { parseTimeout } from "./parseDuration";
import { said } from "./said";
import type { SetupSection, TaskSection } from "./taskSection";
import { texts } from "./texts";
import type { SetupConfiguration, StepConfiguration } from "./WorkspaceConfiguration";

type CommandText = string | readonly string[];
type StepSection = NonNullable<TaskSection["steps"]>[number];
/** A step with everything said that is to be. */
type StepSource = Omit<Exclude<StepSection, CommandText>, "name">;

/** In lines and lists, a longer name is a nuisance. */
const LONGEST_NAME = 60;

/**
 * The steps of a valid task. What the task says of how they run is for those that say nothing of it themselves.
 *
 * @param workspaceFolder in the container: what relative folders are meant from.
 */
export function readSteps(task: TaskSection, name: string, workspaceFolder: string): readonly StepConfiguration[] {
  const { command, steps, user, workingDirectory, timeout } = task;
  const common = said({ user, workingDirectory, timeout });
  if (command !== undefined) {
    return [readStep({ command, ...common }, name, workspaceFolder)];
  }
  const names = stepNames(steps ?? []);
  return (steps ?? []).map((step, index) => {
    const own = isCommand(step) ? { command: step } : { ...said(step), command: step.command };
    return readStep({ ...common, ...own }, names[index] ?? "", workspaceFolder);
  });
}

/** A valid "setup". */
export function readSetup(setup: SetupSection, workspaceFolder: string): readonly SetupConfiguration[] {
  const names = stepNames(setup);
  return setup.map((step, index) => {
    const name = names[index] ?? "";
    if (isCommand(step)) {
      return readStep({ command: step }, name, workspaceFolder);
    }
    const { inputs, ...rest } = step;
    return { ...readStep(rest, name, workspaceFolder), ...said({ inputs }) };
  });
}

/** "/sub/" or "sub" as an absolute path; the slash at its end is kept, since it has a meaning for copying. */
export function fromWorkspaceFolder(path: string, workspaceFolder: string): string {
  return path.startsWith("/") ? posix.normalize(path) : posix.join(workspaceFolder, path);
}

function readStep(step: StepSource, name: string, workspaceFolder: string): StepConfiguration {
  const { command, env, user, workingDirectory, timeout, continueOnError, pause } = step;
  return {
    name,
    command: typeof command === "string" ? ["/bin/sh", "-c", command] : command,
    ...said({
      env: env && texts(env),
      user: user === undefined ? undefined : String(user),
      workingDirectory:
        workingDirectory === undefined
          ? undefined
          : normalContainerPath(fromWorkspaceFolder(workingDirectory, workspaceFolder)),
      timeoutMs: timeout === undefined ? undefined : readable(parseTimeout(timeout)),
      continueOnError,
      pause,
    }),
  };
}

function isCommand(step: StepSection | SetupSection[number]): step is string | string[] {
  return typeof step === "string" || Array.isArray(step);
}

/** Those that are given, and for the others the command itself, with a number where that is taken. */
function stepNames(steps: readonly (StepSection | SetupSection[number])[]): readonly string[] {
  const given = steps.map((step) => (isCommand(step) ? undefined : step.name));
  const taken = new Set(given);
  return steps.map((step, index) => {
    const name = given[index];
    if (name !== undefined) {
      return name;
    }
    const own = commandName(isCommand(step) ? step : step.command);
    let free = own;
    for (let number = 2; taken.has(free); number++) {
      free = `${own} (${String(number)})`;
    }
    taken.add(free);
    return free;
  });
}

function commandName(command: CommandText): string {
  const whole = typeof command === "string" ? command : command.join(" ");
  const line = whole.split(/[\r\n]+/).find((text) => text.trim() !== "") ?? whole;
  return showText(line.trim() || "command", LONGEST_NAME);
}
