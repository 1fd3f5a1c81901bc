import type { StepConfiguration, TaskConfiguration, WorkspaceConfiguration } from "../config/WorkspaceConfiguration";
import { UnknownTaskError } from "../errors/configurationErrors";

/** What to run in the container. */
export type JobCommand =
  | { readonly kind: "task"; readonly name: string }
  | ({ readonly kind: "command" } & Pick<StepConfiguration, "command" | "workingDirectory" | "timeoutMs">)
  /** The best shell that there is, or `command`, with the variables of a task. */
  | { readonly kind: "shell"; readonly task: string | undefined; readonly command: readonly string[] | undefined }
  /** The image's own. */
  | { readonly kind: "image" };

/** Ends as the shell does, which asks for nothing that the container has not. */
const BEST_SHELL = ["/bin/sh", "-c", "if command -v bash >/dev/null 2>&1; then exec bash; fi; exec /bin/sh"];

/** The steps that a job runs; undefined for the image's own command. */
export function workOf(configuration: WorkspaceConfiguration, command: JobCommand): TaskConfiguration | undefined {
  switch (command.kind) {
    case "image":
      return undefined;
    case "command":
      return { name: nameOf(command.command), steps: [stepOf(command)] };
    case "shell": {
      const { task, command: argv = BEST_SHELL } = command;
      const env = task === undefined ? undefined : taskOf(configuration, task).env;
      const name = command.command === undefined ? "shell" : nameOf(argv);
      return { name, steps: [{ name, command: argv }], env };
    }
    case "task":
      return taskOf(configuration, command.name);
  }
}

function taskOf({ tasks }: WorkspaceConfiguration, wanted: string): TaskConfiguration {
  const task = tasks.find(({ name }) => name === wanted);
  if (task === undefined) {
    throw new UnknownTaskError(
      wanted,
      tasks.map(({ name }) => name),
    );
  }
  return task;
}

function stepOf({
  command,
  workingDirectory,
  timeoutMs,
}: JobCommand & { readonly kind: "command" }): StepConfiguration {
  return { name: nameOf(command), command, workingDirectory, timeoutMs };
}

const LONGEST_NAME = 40;

/** As it is shown where a step has a name. */
function nameOf(command: readonly string[]): string {
  const text = command.join(" ").replace(/\s+/g, " ");
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}…` : text;
}
