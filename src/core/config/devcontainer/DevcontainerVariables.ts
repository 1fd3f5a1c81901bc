import { basename, posix } from "node:path";
import { z } from "zod";
import { parseMountText } from "../parseMountText";
import { isUnreadable } from "../checkedBy";
import { devcontainerId } from "./devcontainerId";

export interface VariablesOptions {
  /** Absolute path of the workspace. */
  readonly folder: string;
  /** Absolute path of the devcontainer.json. */
  readonly file: string;
  /** Of the process. */
  readonly env: NodeJS.ProcessEnv;
}

/** What decides the values of variables, as far as it has the right type. */
const deciding = z.looseObject({
  workspaceFolder: z.string().optional().catch(undefined),
  workspaceMount: z.string().optional().catch(undefined),
  containerEnv: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

const VARIABLE = /\$\{(?<name>[A-Za-z]+)(?::(?<argument>[^:}]*)(?::(?<fallback>[^}]*))?)?\}/g;
/** A variable of the container that is not known before the container runs. */
const IN_CONTAINER = /\$\{containerEnv:[^}]*\}/;

/** The variables of a devcontainer.json, `${localWorkspaceFolder}` and the like; others are left as they are. */
export class DevcontainerVariables {
  /** Where the workspace is in the container: what the file says, else the specification's default. */
  readonly workspaceFolder: string;
  private readonly known = new Map<string, string>();

  /** @param value of the file, not yet checked. */
  constructor(
    value: unknown,
    private readonly options: VariablesOptions,
  ) {
    const { workspaceFolder, workspaceMount, containerEnv = {} } = deciding.safeParse(value).data ?? {};
    const local = (text: string): string => this.replace(text, (name, argument) => this.local(name, argument));
    const mount = parseMountText(local(workspaceMount ?? ""));
    this.workspaceFolder =
      workspaceFolder !== undefined
        ? local(workspaceFolder)
        : isUnreadable(mount)
          ? `/workspaces/${basename(options.folder)}`
          : mount.target;
    for (const [name, text] of Object.entries(containerEnv)) {
      const resolved = typeof text === "string" ? this.inText(text) : "${containerEnv:}";
      if (!IN_CONTAINER.test(resolved)) {
        this.known.set(name, resolved);
      }
    }
  }

  /** The same value with variables replaced in all of its texts. */
  in(value: unknown): unknown {
    if (typeof value === "string") {
      return this.inText(value);
    }
    if (Array.isArray(value)) {
      return value.map((item: unknown) => this.in(item));
    }
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, item]: [string, unknown]) => [key, this.in(item)]))
      : value;
  }

  private inText(text: string): string {
    return this.replace(text, (name, argument) => {
      switch (name) {
        case "containerWorkspaceFolder":
          return this.workspaceFolder;
        case "containerWorkspaceFolderBasename":
          return posix.basename(this.workspaceFolder);
        case "containerEnv":
          return this.known.get(argument);
        default:
          return this.local(name, argument);
      }
    });
  }

  private replace(text: string, valueOf: (name: string, argument: string) => string | undefined): string {
    return text.replace(VARIABLE, (whole, name: string, argument = "", fallback = "") => {
      const value = valueOf(name, String(argument));
      return value === "" ? String(fallback) : (value ?? whole);
    });
  }

  /** Undefined for what is none of this machine's; "" for a variable that is not set. */
  private local(name: string, argument: string): string | undefined {
    const { folder, file, env } = this.options;
    switch (name) {
      case "localEnv":
      case "env":
        return env[argument] ?? "";
      case "localWorkspaceFolder":
        return folder;
      case "localWorkspaceFolderBasename":
        return basename(folder);
      case "devcontainerId":
        return devcontainerId(folder, file);
      default:
        return undefined;
    }
  }
}

/** Whether a text has a variable in it whose value only the container knows. */
export function needsContainer(text: string): boolean {
  return IN_CONTAINER.test(text);
}
