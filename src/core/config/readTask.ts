import { join } from "node:path";
import { readable } from "./checkedBy";
import { parseSize } from "./parseSize";
import { fromWorkspaceFolder, readSteps } from "./readSteps";
import { said } from "./said";
import type { TaskSection } from "./taskSection";
import { texts } from "./texts";
import type { TaskConfiguration } from "./WorkspaceConfiguration";

export interface ReadTaskOptions {
  /** Of this machine: what the targets of copyOut are meant from. */
  readonly folder: string;
  /** In the container: what its relative paths are meant from. */
  readonly workspaceFolder: string;
}

/** What a valid task of slipway.json says. */
export function readTask(
  name: string,
  task: TaskSection,
  { folder, workspaceFolder }: ReadTaskOptions,
): TaskConfiguration {
  const { env, copyIn, copyOut, interactive } = task;
  return {
    name,
    steps: readSteps(task, name, workspaceFolder),
    ...said({
      env: env && texts(env),
      copyIn: copyIn?.map(({ source, target }) => ({ source, target: fromWorkspaceFolder(target, workspaceFolder) })),
      copyOut: copyOut?.map(({ source, target, onFailure, maxSize, maxEntries }) => ({
        source: fromWorkspaceFolder(source, workspaceFolder),
        // The slash at the end has a meaning.
        target: join(folder, target),
        ...said({
          onFailure,
          maxBytes: maxSize === undefined ? undefined : readable(parseSize(maxSize)),
          maxEntries,
        }),
      })),
      interactive,
    }),
  };
}
