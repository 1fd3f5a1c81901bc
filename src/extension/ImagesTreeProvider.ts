import * as vscode from "vscode";
import { messageOf } from "../core/errors/ExpectedError";
import { listWorkspaceImages } from "../core/image/list/listWorkspaceImages";
import type { WorkspaceImage } from "../core/image/list/WorkspaceImage";
import type { ContainerEngine } from "../core/ports/ContainerEngine";
import type { ImageStatusTracker } from "../core/status/ImageStatusTracker";
import { Debounce } from "./Debounce";
import type { EngineAccess } from "./EngineAccess";
import { imageItem } from "./imageItem";
import type { ImageStatuses } from "./ImageStatuses";
import { untilLooked } from "./untilLooked";
import type { WorkspaceAccess } from "./WorkspaceAccess";
import { imagesOf, type WorkspaceImages } from "./WorkspaceImages";

/** A folder, where the window has several, or an image of one. */
export type ImagesNode = FolderNode | ImageNode;

interface FolderNode {
  readonly kind: "folder";
  readonly folder: vscode.WorkspaceFolder;
  readonly images: readonly ImageNode[];
}

export interface ImageNode {
  readonly kind: "image";
  readonly folder: vscode.WorkspaceFolder;
  readonly image: WorkspaceImage;
  readonly source: WorkspaceImages;
  /** Why the current image is fresh or stale. */
  readonly reason: string | undefined;
}

export interface ImagesViewParts {
  readonly engines: EngineAccess;
  readonly workspace: WorkspaceAccess;
  readonly statuses: ImageStatuses;
  readonly log: vscode.LogOutputChannel;
}

/** A build is many events. */
const SETTLE_MS = 500;

/** The images of this window's folders. Looks at nothing while the view is hidden, and not without trust. */
export class ImagesTreeProvider implements vscode.TreeDataProvider<ImagesNode> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscription: vscode.Disposable;
  private readonly refreshSoon = new Debounce(SETTLE_MS, () => {
    this.changed.fire(undefined);
  });
  private visible = false;
  /** While there is something to show: to the engine and to how the folders' images stand. */
  private following: vscode.Disposable | undefined;

  constructor(private readonly parts: ImagesViewParts) {
    const restart = (): void => {
      this.restart();
    };
    this.subscription = vscode.Disposable.from(
      parts.engines.monitor.onDidChange(restart),
      vscode.workspace.onDidGrantWorkspaceTrust(restart),
      vscode.workspace.onDidChangeWorkspaceFolders(restart),
    );
  }

  getTreeItem(node: ImagesNode): vscode.TreeItem {
    if (node.kind === "image") {
      const item = imageItem(node.image, node.reason);
      item.id = `${node.folder.uri.toString()} ${node.image.id}`;
      return item;
    }
    const item = new vscode.TreeItem(node.folder.name, vscode.TreeItemCollapsibleState.Expanded);
    item.id = node.folder.uri.toString();
    item.contextValue = "slipway.imageFolder";
    return item;
  }

  async getChildren(node?: ImagesNode): Promise<ImagesNode[]> {
    if (node !== undefined) {
      return node.kind === "folder" ? [...node.images] : [];
    }
    if (!this.hasSomethingToShow()) {
      return [];
    }
    try {
      return await this.list(await this.parts.engines.monitor.current());
    } catch (error) {
      // The view says that there is no engine; whoever wants to do something learns what is wrong then.
      this.parts.log.warn(`Images cannot be listed: ${messageOf(error)}`);
      return [];
    }
  }

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

  /** Follows what is to be shown now: the engine, the folders or the trust in them may be others. */
  private restart(): void {
    const before = this.following;
    this.following = undefined;
    if (this.visible && this.hasSomethingToShow()) {
      const { engines, workspace, statuses } = this.parts;
      this.following = vscode.Disposable.from(
        engines.monitor.follow(),
        engines.monitor.onEvent((event) => {
          if (event.kind !== "container" || event.action !== "other") {
            this.refreshSoon.trigger();
          }
        }),
        ...workspace.folders().map((folder) => this.followStatus(statuses.of(folder))),
      );
    }
    // Only now: who follows the engine as the only one would end the listening and begin it anew.
    before?.dispose();
    this.refresh();
  }

  /** Steps of a build and looks that are under way change nothing in the list. */
  private followStatus(tracker: ImageStatusTracker): { dispose(): void } {
    let shown = "";
    return tracker.onDidChange((status) => {
      const text = `${status.state} ${tracker.fingerprint ?? ""} ${reasonOf(tracker) ?? ""}`;
      if (status.state !== "checking" && status.state !== "building" && text !== shown) {
        shown = text;
        this.refreshSoon.trigger();
      }
    });
  }

  private hasSomethingToShow(): boolean {
    return vscode.workspace.isTrusted && this.parts.workspace.folders().length > 0;
  }

  private async list(engine: ContainerEngine): Promise<ImagesNode[]> {
    const folders = this.parts.workspace.folders();
    const listed = await Promise.allSettled(
      folders.map(async (folder): Promise<FolderNode> => ({
        kind: "folder",
        folder,
        images: await this.listFolder(folder, engine),
      })),
    );
    // A folder that is gone from the disk must not hide the others' images.
    const found = listed.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const failure = listed.find((each) => each.status === "rejected");
    if (failure !== undefined && found.length === 0) {
      this.parts.engines.monitor.reportFailure(engine, failure.reason);
      throw failure.reason;
    }
    return folders.length === 1
      ? found.flatMap(({ images }) => images)
      : found.filter(({ images }) => images.length > 0);
  }

  private async listFolder(folder: vscode.WorkspaceFolder, engine: ContainerEngine): Promise<readonly ImageNode[]> {
    const tracker = this.parts.statuses.of(folder);
    await untilLooked(tracker);
    const source = await imagesOf(folder, engine);
    const images = await listWorkspaceImages({ ...source, fingerprint: tracker.fingerprint });
    const reason = reasonOf(tracker);
    return images.map((image) => ({ kind: "image", folder, image, source, reason }));
  }
}

function reasonOf({ current }: ImageStatusTracker): string | undefined {
  return current.state === "fresh" || current.state === "stale" ? current.reason : undefined;
}
