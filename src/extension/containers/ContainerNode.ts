import { realpath } from "node:fs/promises";
import type * as vscode from "vscode";
import { cacheFolder } from "../../core/cacheFolder";
import { ContainerList } from "../../core/container/ContainerList";
import { ContainerManager } from "../../core/container/ContainerManager";
import type { ContainerEngine } from "../../core/ports/ContainerEngine";
import type { ContainerSummary } from "../../core/ports/ContainerTypes";
import { formatEngineAddress } from "../../core/ports/EngineEndpoint";
import { FailedRuns, type FailedRun } from "../../core/task/FailedRuns";
import { workspaceOf } from "../../core/Workspace";

/** A container of the window's folders. */
export interface ContainerNode {
  readonly folder: vscode.WorkspaceFolder;
  readonly engine: ContainerEngine;
  readonly manager: ContainerManager;
  readonly container: ContainerSummary;
  /** It is kept since this one failed in it; of several, the last one. */
  readonly failed: FailedRun | undefined;
}

export function isContainerNode(value: unknown): value is ContainerNode {
  return typeof value === "object" && value !== null && "container" in value && "manager" in value;
}

/** The containers of one folder on one engine. */
export class FolderContainers {
  private constructor(
    readonly list: ContainerList,
    private readonly folder: vscode.WorkspaceFolder,
    private readonly engine: ContainerEngine,
    private readonly failures: FailedRuns,
  ) {}

  /** Rejects where the folder is gone from the disk. */
  static async open(folder: vscode.WorkspaceFolder, engine: ContainerEngine): Promise<FolderContainers> {
    const workspace = workspaceOf(await realpath(folder.uri.fsPath));
    const list = new ContainerList(new ContainerManager(engine, workspace));
    return new FolderContainers(list, folder, engine, new FailedRuns(cacheFolder(), workspace));
  }

  /** Newest first. Rejects as ContainerList.update does. */
  async read(): Promise<readonly ContainerNode[]> {
    const [failures] = await Promise.all([this.failedRuns(), this.list.update()]);
    const { folder, engine } = this;
    const { manager, current } = this.list;
    return current.map((container) => {
      const failed = failures.find(({ containerId }) => containerId === container.id);
      return { folder, engine, manager, container, failed };
    });
  }

  /** Newest first. */
  async failedRuns(): Promise<readonly FailedRun[]> {
    const address = formatEngineAddress(this.engine.endpoint.address);
    return (await this.failures.list()).filter(({ engine }) => engine === address);
  }
}
