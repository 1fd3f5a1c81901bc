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

/** Runs `action` with the chosen engine, or the first that answers, and closes it afterwards. */
export async function withEngine<T>(
  { engine: address }: CommonOptions,
  signal: AbortSignal,
  action: (engine: ContainerEngine) => Promise<T>,
): Promise<T> {
  const explicit = address === undefined ? undefined : { address, source: "--engine" };
  const engine = await connectEngine({ explicit, signal });
  try {
    return await action(engine);
  } finally {
    engine.close();
  }
}
