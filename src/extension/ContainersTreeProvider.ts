import * as vscode from "vscode";
import { setTimeout } from "node:timers/promises";
import { ContainerManager } from "../core/container/ContainerManager";
import { isAbortError, messageOf } from "../core/errors";
import { LABEL } from "../core/labels";
import type { ContainerSummary } from "../core/ports/ContainerTypes";
import { workspaceOf } from "../core/Workspace";
import type { EngineAccess } from "./EngineAccess";
import { realpath } from "node:fs/promises";
import type { WorkspaceAccess } from "./WorkspaceAccess";

/** A container of the window's folders. */
export interface ContainerNode {
  readonly container: ContainerSummary;
  readonly manager: ContainerManager;
}

/** How long to wait before looking for a lost engine again, in milliseconds: longer each time, up to the last. */
const RETRY_MS = [1_000, 2_000, 5_000, 15_000];
/** Several events come with each start and end of a container. */
const SETTLE_MS = 200;

/** The containers of this window's folders. Listens to the engine only while the view is visible. */
export class ContainersTreeProvider implements vscode.TreeDataProvider<ContainerNode> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private watching: AbortController | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly engines: EngineAccess,
    private readonly workspace: WorkspaceAccess,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  getTreeItem({ container }: ContainerNode): vscode.TreeItem {
    const { id, name, state, status, image, ports, labels } = container;
    const running = state === "running";
    const item = new vscode.TreeItem(labels[LABEL.task] ?? name);
    item.id = id;
    const bound = ports.map(
      ({ hostIp, hostPort, containerPort }) => `${hostIp}:${String(hostPort)}→${String(containerPort)}`,
    );
    item.description = [status, ...bound].join("  ");
    item.tooltip = [name, image, status, ...bound].join("\n");
    item.iconPath = new vscode.ThemeIcon(running ? "vm-running" : "vm-outline");
    item.contextValue = running ? "slipway.running" : "slipway.stopped";
    return item;
  }

  async getChildren(node?: ContainerNode): Promise<ContainerNode[]> {
    if (node !== undefined || !vscode.workspace.isTrusted) {
      return [];
    }
    try {
      const managers = await this.managers();
      const lists = await Promise.all(
        managers.map(async (manager) => (await manager.list()).map((container) => ({ container, manager }))),
      );
      return lists.flat();
    } catch (error) {
      // The view stays empty, with its buttons; whoever wants to do something learns what is wrong then.
      this.log.warn(`Containers cannot be listed: ${messageOf(error)}`);
      this.engines.forget();
      return [];
    }
  }

  refresh(): void {
    clearTimeout(this.timer);
    this.timer = globalThis.setTimeout(() => {
      this.changed.fire(undefined);
    }, SETTLE_MS);
  }

  setVisible(visible: boolean): void {
    if (visible && this.watching === undefined) {
      this.watching = new AbortController();
      this.changed.fire(undefined);
      void this.watch(this.watching.signal);
    } else if (!visible) {
      this.watching?.abort();
      this.watching = undefined;
    }
  }

  dispose(): void {
    this.setVisible(false);
    clearTimeout(this.timer);
    this.changed.dispose();
  }

  private async managers(): Promise<readonly ContainerManager[]> {
    const engine = await this.engines.get();
    return Promise.all(
      this.workspace
        .folders()
        .map(async ({ uri }) => new ContainerManager(engine, workspaceOf(await realpath(uri.fsPath)))),
    );
  }

  /** Follows the engine's events until aborted; a lost engine is looked for again, ever less often. */
  private async watch(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        const managers = await this.managers();
        // What happened while nobody listened.
        this.refresh();
        await Promise.all(managers.map(async (manager) => this.refreshOnEvents(manager, signal)));
      } catch (error) {
        if (isAbortError(error)) {
          return;
        }
        this.log.debug(`Watching containers ended: ${messageOf(error)}`);
        this.engines.forget();
        if (failures === 0) {
          this.refresh();
        }
      }
      await setTimeout(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)], undefined, { signal }).catch(() => undefined);
    }
  }

  private async refreshOnEvents(manager: ContainerManager, signal: AbortSignal): Promise<void> {
    for await (const { action } of manager.watch({ signal })) {
      if (action !== "other") {
        this.refresh();
      }
    }
  }
}
