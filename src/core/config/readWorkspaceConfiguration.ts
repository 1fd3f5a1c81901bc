import { lstat, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { WorkspaceError } from "../errors/configurationErrors";
import { homeFolder } from "../homeFolder";
import { normalContainerPath } from "./containerPath";
import { findDevcontainer, isDevcontainerPath } from "./devcontainer/findDevcontainer";
import { readDevcontainer } from "./devcontainer/readDevcontainer";
import { findDockerfile } from "./findDockerfile";
import { parseSlipwayFile } from "./parseSlipwayFile";
import { readBuildOptions } from "./readBuildOptions";
import { readConfigurationFile } from "./readConfigurationFile";
import { readRunConfiguration } from "./readRunConfiguration";
import { readSetup } from "./readSteps";
import { readTask } from "./readTask";
import { resolveUserPath, type PathsOptions } from "./resolveUserPath";
import { said } from "./said";
import type { SlipwayFile } from "./slipwayFile";
import type { ImageSource, ResourceConfiguration, WorkspaceConfiguration } from "./WorkspaceConfiguration";

export const CONFIGURATION_FILE = "slipway.json";
export const DEFAULT_IMAGE = "node:20";

export interface ReadConfigurationOptions {
  readonly folder: string;
  /** Used when there is neither a slipway.json that says one nor a Dockerfile. */
  readonly defaultImage?: string | undefined;
  /** Whether to build without cache, where slipway.json says nothing. */
  readonly noCache?: boolean | undefined;
  /**
   * A Dockerfile or a devcontainer.json, relative to the folder. Comes before slipway.json's when `explicit`, else decides
   * only among several.
   */
  readonly dockerfile?: { readonly path: string; readonly explicit: boolean } | undefined;
  /** What "~/" stands for; by default the user's own. */
  readonly homeFolder?: string | undefined;
  /** For variables of a devcontainer.json; by default those of the process. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/**
 * What the workspace asks for: from slipway.json, else from devcontainer.json, else from a Dockerfile or Containerfile at
 * its root, else the default image. Rejects with InvalidConfigurationError or AmbiguousDockerfileError. That the
 * Dockerfile can be read is checked by who builds.
 */
export async function readWorkspaceConfiguration(options: ReadConfigurationOptions): Promise<WorkspaceConfiguration> {
  const folder = await realFolder(options.folder);
  const paths: PathsOptions = { base: folder, home: options.homeFolder ?? homeFolder() };
  const { source, file, warnings, dockerfile } = await readFile(folder, options);
  const image = await chooseImage({ file, paths, dockerfile, options });
  const run = readRunConfiguration(file.run ?? {}, paths);
  const { workspaceFolder } = run;
  return {
    folder,
    source: source ?? (image.kind === "build" ? relative(folder, image.build.dockerfile) : undefined),
    image,
    run,
    ...said({
      resources: file.resources?.map((resource) => readResource(resource, paths)),
      setup: file.setup && readSetup(file.setup, workspaceFolder),
      warnings: warnings.length === 0 ? undefined : warnings,
    }),
    tasks: Object.entries(file.tasks ?? {}).map(([name, task]) => readTask(name, task, { folder, workspaceFolder })),
  };
}

type DockerfileChoice = ReadConfigurationOptions["dockerfile"];

interface FoundFile {
  /** Undefined where no file says anything. */
  readonly source: string | undefined;
  readonly file: SlipwayFile;
  readonly warnings: readonly string[];
  /** What is left to be chosen with. */
  readonly dockerfile: DockerfileChoice;
}

async function readFile(
  folder: string,
  { dockerfile, env = process.env }: ReadConfigurationOptions,
): Promise<FoundFile> {
  const fromDevcontainer = async (path: string, rest: DockerfileChoice): Promise<FoundFile> => ({
    source: path,
    ...(await readDevcontainer({ folder, path, env })),
    dockerfile: rest,
  });
  if (dockerfile?.explicit === true && isDevcontainerPath(dockerfile.path)) {
    return fromDevcontainer(dockerfile.path, undefined);
  }
  if (await exists(join(folder, CONFIGURATION_FILE))) {
    const path = CONFIGURATION_FILE;
    const file = await readConfigurationFile({ folder, path, parse: (text) => parseSlipwayFile(text, path) });
    return { source: path, file, warnings: [], dockerfile };
  }
  const path = await findDevcontainer(folder, dockerfile?.path);
  return path === undefined
    ? { source: undefined, file: {}, warnings: [], dockerfile }
    : fromDevcontainer(path, dockerfile);
}

/** A link that leads nowhere is there, and cannot be read. */
async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code !== "ENOENT",
  );
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

interface ChooseImageOptions {
  readonly file: SlipwayFile;
  readonly paths: PathsOptions;
  readonly dockerfile: DockerfileChoice;
  readonly options: ReadConfigurationOptions;
}

async function chooseImage({ file, paths, dockerfile, options }: ChooseImageOptions): Promise<ImageSource> {
  const folder = paths.base;
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
      ...readBuildOptions(file.build ?? {}, paths),
    },
  };
}

function readResource(
  { source, target, mode }: NonNullable<SlipwayFile["resources"]>[number],
  paths: PathsOptions,
): ResourceConfiguration {
  return {
    source: resolveUserPath(source, paths),
    target: normalContainerPath(target),
    ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }),
  };
}

/** For messages: relative to the workspace where it lies in it. */
export function displayPath(folder: string, path: string): string {
  const within = relative(folder, path);
  return within === "" || within === ".." || within.startsWith(`..${sep}`) || isAbsolute(within)
    ? path
    : within.replaceAll("\\", "/");
}
