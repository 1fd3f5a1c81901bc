import { resolve } from "node:path";
import { readWorkspaceConfiguration } from "../core/config/readWorkspaceConfiguration";
import type { WorkspaceConfiguration } from "../core/config/WorkspaceConfiguration";
import { homeFolder } from "../core/homeFolder";
import type { ContainerEngine } from "../core/ports/ContainerEngine";
import { connectEngine } from "../engine/discovery/connectEngine";
import type { BuiltImageOptions, CommonOptions, ContainerOptions } from "./CliCommand";
import { withBuildFlags } from "./withBuildFlags";
import { withRunFlags } from "./withRunFlags";

/** What the workspace asks for, and over it what the command line says, whose paths are meant from the current folder. */
export async function openConfiguration({
  workspace,
  file,
  build,
}: BuiltImageOptions): Promise<WorkspaceConfiguration> {
  const configuration = await readWorkspaceConfiguration({
    folder: resolve(workspace),
    dockerfile: file === undefined ? undefined : { path: file, explicit: true },
  });
  return withBuildFlags(configuration, build, { base: process.cwd(), home: homeFolder() });
}

/** The same with what the command line says of containers. */
export async function openContainerConfiguration(options: ContainerOptions): Promise<WorkspaceConfiguration> {
  const configuration = await openConfiguration(options);
  return withRunFlags(configuration, options.run, { base: process.cwd(), home: homeFolder() });
}

/** The engine that --engine names, else the first that answers. */
export async function openEngine({ engine: address }: CommonOptions, signal: AbortSignal): Promise<ContainerEngine> {
  return connectEngine({ explicit: address === undefined ? undefined : { address, source: "--engine" }, signal });
}
