import * as vscode from "vscode";
import { setTimeout } from "node:timers/promises";
import { ContainerManager } from "../core/container/ContainerManager";
import { isAbortError, messageOf } from "../core/errors";
import { LABEL } from "../core/labels";
import type { ContainerSummary } from "../core/ports/ContainerTypes";
import { workspaceOf } from "../core/Workspace";
import { Debounce } from "./Debounce";
import type { EngineAccess } from "./EngineAccess";
import { formatPortBinding } from "./formatPort";
import { realpath } from "node:fs/promises";
import type { WorkspaceAccess } from "./WorkspaceAccess";

/** A container of the window's folders. */
export interface ContainerNode {
  readonly container: ContainerSummary;
  readonly manager: ContainerManager;
}

/** How long to wait before looking for a lost engine again, in milliseconds: longer each time, up to the last. */
const RETRY_MS = [1_000, 2_000, 5_000, 15_000];
/** An engine that was listened to for longer than this has answered, in milliseconds. */
const LISTENING_MS = 2_000;
/** Several events come with each start and end of a container. */
const SETTLE_MS = 200;

/** The containers of this window's folders. Listens to the engine only while the view is visible, and not without trust. */
export class ContainersTreeProvider implements vscode.TreeDataProvider<ContainerNode> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscription: vscode.Disposable;
  private readonly refreshSoon = new Debounce(SETTLE_MS, () => {
    this.changed.fire(undefined);
  });
  private visible = false;
  private watching: AbortController | undefined;

  constructor(
    private readonly engines: EngineAccess,
    private readonly workspace: WorkspaceAccess,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const restart = (): void => {
      this.restart();
    };
    this.subscription = vscode.Disposable.from(
      engines.onDidChange(restart),
      vscode.workspace.onDidGrantWorkspaceTrust(restart),
      vscode.workspace.onDidChangeWorkspaceFolders(restart),
    );
  }

  getTreeItem({ container }: ContainerNode): vscode.TreeItem {
    const { id, name, state, status, image, ports, labels } = container;
    const running = state === "running";
    const item = new vscode.TreeItem(labels[LABEL.task] ?? vscode.l10n.t("image's command"));
    item.id = id;
    const bound = ports.map((port) => formatPortBinding(port));
    item.description = [status, ...bound].join("  ");
    item.tooltip = [name, image, status, ...bound].join("\n");
    item.iconPath = new vscode.ThemeIcon(running ? "vm-running" : "vm-outline");
    item.contextValue = running ? "slipway.running" : "slipway.stopped";
    return item;
  }

  async getChildren(node?: ContainerNode): Promise<ContainerNode[]> {
    if (node !== undefined || !this.hasSomethingToShow()) {
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
      this.engines.forgetIfGone(error);
      return [];
    }
  }

  refresh(): void {
    this.refreshSoon.trigger();
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.restart();
  }

  dispose(): void {
    this.setVisible(false);
    this.subscription.dispose();
    this.refreshSoon.dispose();
    this.changed.dispose();
  }

  /** Shows and listens to what is to be shown now: the engine, the folders or the trust in them may be others. */
  private restart(): void {
    this.watching?.abort();
    this.watching = undefined;
    if (!this.visible) {
      return;
    }
    this.changed.fire(undefined);
    if (this.hasSomethingToShow()) {
      this.watching = new AbortController();
      void this.watch(this.watching.signal);
    }
  }

  private hasSomethingToShow(): boolean {
    return vscode.workspace.isTrusted && this.workspace.folders().length > 0;
  }

  private async managers(): Promise<readonly ContainerManager[]> {
    const engine = await this.engines.get();
    const managers = await Promise.allSettled(
      this.workspace
        .folders()
        .map(async ({ uri }) => new ContainerManager(engine, workspaceOf(await realpath(uri.fsPath)))),
    );
    // A folder that is gone from the disk must not hide the others' containers.
    return managers.flatMap((manager) => (manager.status === "fulfilled" ? [manager.value] : []));
  }

  /** Follows the engine's events until aborted; a lost engine is looked for again, ever less often. */
  private async watch(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures++) {
      // When the events of one folder end, the others' are listened to anew, too.
      const round = new AbortController();
      let listeningSince = Infinity;
      try {
        const managers = await this.managers();
        signal.throwIfAborted();
        // What happened while nobody listened.
        this.refresh();
        listeningSince = performance.now();
        const either = AbortSignal.any([signal, round.signal]);
        await Promise.all(managers.map(async (manager) => this.refreshOnEvents(manager, either)));
      } catch (error) {
        // Another watch may have taken over, with another engine.
        if (isAbortError(error) || this.watching?.signal !== signal) {
          return;
        }
        if (performance.now() - listeningSince > LISTENING_MS) {
          failures = 0;
        }
        this.log.debug(`Watching containers ended: ${messageOf(error)}`);
        this.engines.forgetIfGone(error);
        if (failures === 0) {
          this.refresh();
        }
      } finally {
        round.abort();
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
