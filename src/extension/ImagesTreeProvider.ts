import * as vscode from "vscode";
import { listWorkspaceImages } from "../core/image/list/listWorkspaceImages";
import type { WorkspaceImage } from "../core/image/list/WorkspaceImage";
import type { ContainerEngine } from "../core/ports/ContainerEngine";
import type { ImageStatusTracker } from "../core/status/ImageStatusTracker";
import { EngineTree, type TreeParts } from "./EngineTree";
import { imageItem } from "./imageItem";
import type { ImageStatuses } from "./ImageStatuses";
import { untilLooked } from "./untilLooked";
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

export interface ImagesViewParts extends TreeParts {
  readonly statuses: ImageStatuses;
}

/** A build is many events. */
const SETTLE_MS = 500;

/** The images of this window's folders. */
export class ImagesTreeProvider extends EngineTree<ImagesNode, ImagesViewParts> {
  constructor(parts: ImagesViewParts) {
    super(parts, SETTLE_MS);
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

  protected override childrenOf(node: ImagesNode): readonly ImagesNode[] {
    return node.kind === "folder" ? node.images : [];
  }

  protected subscribe(): readonly { dispose(): unknown }[] {
    const { engines, workspace, statuses } = this.parts;
    return [
      engines.monitor.onEvent((event) => {
        if (event.kind !== "container" || event.action !== "other") {
          this.refresh();
        }
      }),
      ...workspace.folders().map((folder) => this.followStatus(statuses.of(folder))),
    ];
  }

  /** Steps of a build and looks that are under way change nothing in the list. */
  private followStatus(tracker: ImageStatusTracker): { dispose(): void } {
    let shown = "";
    return tracker.onDidChange((status) => {
      const text = `${status.state} ${tracker.fingerprint ?? ""} ${reasonOf(tracker) ?? ""}`;
      if (status.state !== "checking" && status.state !== "building" && text !== shown) {
        shown = text;
        this.refresh();
      }
    });
  }

  protected async roots(engine: ContainerEngine): Promise<readonly ImagesNode[]> {
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
