import * as vscode from "vscode";
import { messageOf } from "../core/errors/ExpectedError";
import type { ContainerEngine } from "../core/ports/ContainerEngine";
import { Debounce } from "./Debounce";
import type { EngineAccess } from "./EngineAccess";
import type { WorkspaceAccess } from "./WorkspaceAccess";

export interface TreeParts {
  readonly engines: EngineAccess;
  readonly workspace: WorkspaceAccess;
  readonly log: vscode.LogOutputChannel;
}

/** A view of what an engine has of this window's folders. Looks at nothing while it is hidden, and not without trust. */
export abstract class EngineTree<Node, Parts extends TreeParts> implements vscode.TreeDataProvider<Node> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscription: vscode.Disposable;
  private readonly refreshSoon: Debounce;
  private visible = false;
  /** While there is something to show. */
  private following: vscode.Disposable | undefined;

  /** @param settleMs a pause after the last of several events, in milliseconds. */
  constructor(
    protected readonly parts: Parts,
    settleMs: number,
  ) {
    this.refreshSoon = new Debounce(settleMs, () => {
      this.changed.fire(undefined);
    });
    const restart = (): void => {
      this.restart();
    };
    this.subscription = vscode.Disposable.from(
      parts.engines.monitor.onDidChange(restart),
      vscode.workspace.onDidGrantWorkspaceTrust(restart),
      vscode.workspace.onDidChangeWorkspaceFolders(restart),
    );
  }

  abstract getTreeItem(node: Node): vscode.TreeItem;

  async getChildren(node?: Node): Promise<Node[]> {
    if (node !== undefined) {
      return [...(this.childrenOf?.(node) ?? [])];
    }
    if (!this.hasSomethingToShow()) {
      return [];
    }
    const { monitor } = this.parts.engines;
    try {
      const engine = await monitor.current();
      try {
        return [...(await this.roots(engine))];
      } catch (error) {
        monitor.reportFailure(engine, error);
        throw error;
      }
    } catch (error) {
      // The view says that there is no engine; whoever wants to do something learns what is wrong then.
      this.parts.log.warn(`A view cannot be filled: ${messageOf(error)}`);
      return [];
    }
  }

  /** Shows what is there now. */
  refresh(): void {
    if (this.visible) {
      this.refreshSoon.trigger();
    }
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

  protected abstract roots(engine: ContainerEngine): Promise<readonly Node[]>;

  /** Of trees that have more than one level. */
  protected childrenOf?(node: Node): readonly Node[];

  /** Subscribes to what changes the view, besides the engine itself, the folders and the trust in them. */
  protected abstract subscribe(): readonly { dispose(): unknown }[];

  /** What is known may not hold any more: the engine, the folders or the trust in them may be others. */
  protected forget(): void {
    return;
  }

  private restart(): void {
    const before = this.following;
    this.following = undefined;
    this.forget();
    if (this.visible && this.hasSomethingToShow()) {
      this.following = vscode.Disposable.from(this.parts.engines.monitor.follow(), ...this.subscribe());
    }
    // Only now: who follows the engine as the only one would end the listening and begin it anew.
    before?.dispose();
    this.refresh();
  }

  private hasSomethingToShow(): boolean {
    return vscode.workspace.isTrusted && this.parts.workspace.folders().length > 0;
  }
}
