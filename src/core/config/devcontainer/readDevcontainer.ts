import { join } from "node:path";
import { parseJsonFile } from "../parseJsonFile";
import { readConfigurationFile } from "../readConfigurationFile";
import { devcontainerFile } from "./devcontainerFile";
import { DevcontainerVariables } from "./DevcontainerVariables";
import { translateDevcontainer, type Translation } from "./translateDevcontainer";

export interface ReadDevcontainerOptions {
  /** Absolute path of the workspace. */
  readonly folder: string;
  /** In the folder. */
  readonly path: string;
  /** Of the process, for `${localEnv:NAME}`. */
  readonly env: NodeJS.ProcessEnv;
}

/** What a devcontainer.json asks for. Rejects with InvalidConfigurationError. */
export async function readDevcontainer({ folder, path, env }: ReadDevcontainerOptions): Promise<Translation> {
  return readConfigurationFile({
    folder,
    path,
    parse: (text) => {
      let workspaceFolder = "";
      return parseJsonFile({
        text,
        path,
        schema: devcontainerFile,
        prepare: (value) => {
          const variables = new DevcontainerVariables(value, { folder, file: join(folder, path), env });
          workspaceFolder = variables.workspaceFolder;
          return variables.in(value);
        },
        read: (devcontainer, json) => translateDevcontainer({ devcontainer, json, path, folder, workspaceFolder, env }),
      });
    },
  });
}
