import { realpath } from "node:fs/promises";
import * as vscode from "vscode";
import { ContainerList } from "../core/container/ContainerList";
import { ContainerManager } from "../core/container/ContainerManager";
import { messageOf } from "../core/errors/ExpectedError";
import { LABEL } from "../core/labels";
import type { ContainerEngine } from "../core/ports/ContainerEngine";
import type { ContainerSummary } from "../core/ports/ContainerTypes";
import { workspaceOf } from "../core/Workspace";
import { Debounce } from "./Debounce";
import type { EngineAccess } from "./EngineAccess";
import { formatPortBinding } from "./formatPort";
import type { WorkspaceAccess } from "./WorkspaceAccess";

/** A container of the window's folders. */
export interface ContainerNode {
  readonly container: ContainerSummary;
  readonly manager: ContainerManager;
}

/** The lists of the window's folders on one engine. */
interface Opened {
  readonly engine: ContainerEngine;
  readonly lists: readonly ContainerList[];
}

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
  private following: { dispose(): void } | undefined;
  private lists: Promise<Opened> | undefined;

  constructor(
    private readonly engines: EngineAccess,
    private readonly workspace: WorkspaceAccess,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const restart = (): void => {
      this.restart();
    };
    this.subscription = vscode.Disposable.from(
      engines.monitor.onDidChange(restart),
      engines.monitor.onEvent((event) => {
        if (event.kind !== "image") {
          void this.lists?.then(
            ({ lists }) => {
              lists.forEach((list) => {
                list.note(event);
              });
              this.refreshSoon.trigger();
            },
            () => undefined,
          );
        }
      }),
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
    const opening = (this.lists ??= this.open());
    try {
      const { engine, lists } = await opening;
      try {
        await Promise.all(lists.map(async (list) => list.update()));
      } catch (error) {
        this.engines.monitor.reportFailure(engine, error);
        throw error;
      }
      return lists.flatMap(({ current, manager }) => current.map((container) => ({ container, manager })));
    } catch (error) {
      // The view says that there is no engine; whoever wants to do something learns what is wrong then.
      this.log.warn(`Containers cannot be listed: ${messageOf(error)}`);
      this.lists = this.lists === opening ? undefined : this.lists;
      return [];
    }
  }

  /** Reads everything anew, whatever the events have said. */
  refresh(): void {
    void this.lists?.then(
      ({ lists }) => {
        lists.forEach((list) => {
          list.invalidate();
        });
      },
      () => undefined,
    );
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
    this.lists = undefined;
    const listens = this.visible && this.hasSomethingToShow();
    if (listens) {
      this.following ??= this.engines.monitor.follow();
    } else {
      this.following?.dispose();
      this.following = undefined;
    }
    if (this.visible) {
      this.refreshSoon.trigger();
    }
  }

  private hasSomethingToShow(): boolean {
    return vscode.workspace.isTrusted && this.workspace.folders().length > 0;
  }

  private async open(): Promise<Opened> {
    const engine = await this.engines.monitor.current();
    const opened = await Promise.allSettled(
      this.workspace
        .folders()
        .map(
          async ({ uri }) => new ContainerList(new ContainerManager(engine, workspaceOf(await realpath(uri.fsPath)))),
        ),
    );
    // A folder that is gone from the disk must not hide the others' containers.
    return { engine, lists: opened.flatMap((list) => (list.status === "fulfilled" ? [list.value] : [])) };
  }
}
