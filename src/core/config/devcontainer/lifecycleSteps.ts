import type { DevcontainerFile } from "./devcontainerFile";

/** Those that prepare a container, in the order of the specification. */
const COMMANDS = ["onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand"] as const;

interface LifecycleStep {
  readonly name: string;
  readonly command: string | string[];
}

/** The commands that a devcontainer.json has for a new container, as set-up steps. */
export function lifecycleSteps(file: DevcontainerFile): LifecycleStep[] {
  return COMMANDS.flatMap((name) => {
    const value = file[name];
    const commands =
      value === undefined || typeof value === "string" || Array.isArray(value)
        ? [[name, value] as const]
        : Object.entries(value).map(([key, command]) => [`${name}: ${key}`, command] as const);
    return commands.flatMap(([step, command]) => (isEmpty(command) ? [] : [{ name: step, command }]));
  });
}

function isEmpty(command: string | readonly string[] | undefined): command is undefined {
  return command === undefined || (typeof command === "string" ? command.trim() === "" : command.join("") === "");
}
