import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import { messageOf } from "../errors/ExpectedError";
import { InvalidConfigurationError, WorkspaceError } from "../errors/configurationErrors";
import { homeFolder } from "../homeFolder";
import { readRegularFile } from "../readRegularFile";
import { findDockerfile } from "./findDockerfile";
import { parsePortRequest } from "./parsePortRequest";
import { parseSlipwayFile } from "./parseSlipwayFile";
import { readBuildOptions } from "./readBuildOptions";
import type { SlipwayFile } from "./slipwayFile";
import { texts } from "./texts";
import type { ImageSource, TaskConfiguration, WorkspaceConfiguration } from "./WorkspaceConfiguration";

export const CONFIGURATION_FILE = "slipway.json";
const DEFAULT_IMAGE = "node:20";

export interface ReadConfigurationOptions {
  readonly folder: string;
  /** Used when there is neither a slipway.json that says one nor a Dockerfile. */
  readonly defaultImage?: string | undefined;
  /** Whether to build without cache, where slipway.json says nothing. */
  readonly noCache?: boolean | undefined;
  /** Relative to the folder. Comes before slipway.json's when `explicit`, else decides only among several. */
  readonly dockerfile?: { readonly path: string; readonly explicit: boolean } | undefined;
  /** What "~/" stands for; by default the user's own. */
  readonly homeFolder?: string | undefined;
}

/**
 * What the workspace asks for: from slipway.json, else from a Dockerfile or Containerfile at its root, else the default
 * image. Rejects with InvalidConfigurationError or AmbiguousDockerfileError. That the Dockerfile can be read is checked
 * by who builds.
 */
export async function readWorkspaceConfiguration(options: ReadConfigurationOptions): Promise<WorkspaceConfiguration> {
  const folder = await realFolder(options.folder);
  const file = await readSlipwayFile(folder);
  const image = await chooseImage(folder, file ?? {}, options);
  return {
    folder,
    source:
      file !== undefined
        ? CONFIGURATION_FILE
        : image.kind === "build"
          ? relative(folder, image.build.dockerfile)
          : undefined,
    image,
    run: {
      env: texts(file?.run?.env ?? {}),
      ports: (file?.run?.ports ?? []).flatMap((port) => {
        const parsed = parsePortRequest(port);
        return "problem" in parsed ? [] : [parsed];
      }),
      workspaceFolder: posix.normalize(file?.run?.workspaceFolder ?? "/workspace"),
      ...(file?.run?.user === undefined ? {} : { user: String(file.run.user) }),
    },
    tasks: Object.entries(file?.tasks ?? {}).map(([name, task]) => readTask(name, task)),
  };
}

async function realFolder(folder: string): Promise<string> {
  const path = await realpath(folder).catch((error: unknown) => {
    throw new WorkspaceError(`There is no folder ${folder}. Give the folder of your workspace.`, { cause: error });
  });
  if (!(await stat(path)).isDirectory()) {
    throw new WorkspaceError(`${folder} is not a folder. Give the folder of your workspace.`);
  }
  return path;
}

async function readSlipwayFile(folder: string): Promise<SlipwayFile | undefined> {
  let text: string;
  try {
    text = (await readRegularFile(join(folder, CONFIGURATION_FILE))).toString("utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw new InvalidConfigurationError([
      { path: CONFIGURATION_FILE, line: 1, column: 1, message: `cannot be read: ${messageOf(error)}` },
    ]);
  }
  const result = parseSlipwayFile(text, CONFIGURATION_FILE);
  if (result.kind === "invalid") {
    throw new InvalidConfigurationError(result.problems);
  }
  return result.value;
}

async function chooseImage(folder: string, file: SlipwayFile, options: ReadConfigurationOptions): Promise<ImageSource> {
  const { dockerfile } = options;
  const explicit = dockerfile?.explicit === true ? dockerfile.path : undefined;
  if (explicit === undefined && file.image !== undefined) {
    return { kind: "image", reference: file.image };
  }
  const path = explicit ?? file.build?.dockerfile ?? (await findDockerfile(folder, dockerfile?.path));
  if (path === undefined && file.build === undefined) {
    return { kind: "image", reference: options.defaultImage?.trim() || DEFAULT_IMAGE };
  }
  return {
    kind: "build",
    build: {
      // A build without any Dockerfile is told about by the builder, under the name that it looked for.
      dockerfile: resolve(folder, path ?? "Dockerfile"),
      context: resolve(folder, file.build?.context ?? "."),
      target: undefined,
      platform: undefined,
      args: {},
      ...(options.noCache === true ? { noCache: true } : {}),
      ...readBuildOptions(file.build ?? {}, { base: folder, home: options.homeFolder ?? homeFolder() }),
    },
  };
}

function readTask(name: string, task: NonNullable<SlipwayFile["tasks"]>[string]): TaskConfiguration {
  const command = "command" in task ? task.command : (task.steps[0]?.command ?? []);
  return { name, command: typeof command === "string" ? ["/bin/sh", "-c", command] : command };
}

/** For messages: relative to the workspace where it lies in it. */
export function displayPath(folder: string, path: string): string {
  const within = relative(folder, path);
  return within === "" || within === ".." || within.startsWith(`..${sep}`) || isAbsolute(within)
    ? path
    : within.replaceAll("\\", "/");
}
