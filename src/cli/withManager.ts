import { ContainerManager } from "../core/container/ContainerManager";
import { WorkspaceError } from "../core/errors/configurationErrors";
import type { ContainerEngine } from "../core/ports/ContainerEngine";
import type { ContainerSummary } from "../core/ports/ContainerTypes";
import type { Workspace } from "../core/Workspace";
import type { CommonOptions } from "./CliCommand";
import { openFolder } from "./openFolder";
import { openEngine } from "./openWorkspace";

export interface ManagedWorkspace {
  readonly manager: ContainerManager;
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
}

/** What commands need that are about the workspace's containers. */
export async function withManager<T>(
  options: CommonOptions,
  signal: AbortSignal,
  action: (managed: ManagedWorkspace) => Promise<T>,
): Promise<T> {
  const workspace = await openFolder(options);
  const engine = await openEngine(options, signal);
  return action({ manager: new ContainerManager(engine, workspace), engine, workspace });
}

/** The containers of these names, IDs or beginnings of IDs. Rejects with WorkspaceError for one that is not there. */
export async function findContainers(
  manager: ContainerManager,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly ContainerSummary[]> {
  const own = await manager.list({ signal });
  return names.map((name) => find(own, name));
}

function find(containers: readonly ContainerSummary[], name: string): ContainerSummary {
  const exact = containers.filter((container) => container.name === name || container.id === name);
  const found = exact.length > 0 ? exact : containers.filter(({ id }) => name.length >= 4 && id.startsWith(name));
  const [container] = found;
  if (container === undefined || found.length > 1) {
    throw new WorkspaceError(
      `This workspace has no container ${name}, or several of that name; "slipway ps" lists them.`,
    );
  }
  return container;
}
