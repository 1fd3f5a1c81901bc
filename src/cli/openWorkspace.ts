import { resolve } from "node:path";
import { readWorkspaceConfiguration } from "../core/config/readWorkspaceConfiguration";
import type { WorkspaceConfiguration } from "../core/config/WorkspaceConfiguration";
import type { ContainerEngine } from "../core/ports/ContainerEngine";
import { connectEngine } from "../engine/discovery/connectEngine";
import type { CommonOptions } from "./parseArguments";

export async function openConfiguration({ workspace, file }: CommonOptions): Promise<WorkspaceConfiguration> {
  return readWorkspaceConfiguration({
    folder: resolve(workspace),
    dockerfile: file === undefined ? undefined : { path: file, explicit: true },
  });
}

/** The engine that --engine names, else the first that answers. */
export async function openEngine({ engine: address }: CommonOptions, signal: AbortSignal): Promise<ContainerEngine> {
  return connectEngine({ explicit: address === undefined ? undefined : { address, source: "--engine" }, signal });
}
