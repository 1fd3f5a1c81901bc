import type * as vscode from "vscode";
import type { ContainerEngine } from "../../core/ports/ContainerEngine";
import type { EngineEvent } from "../../core/ports/ContainerTypes";
import { EngineTree, type TreeParts } from "../EngineTree";
import type { JobRunner } from "../jobs/JobRunner";
import { containerItem } from "./containerItem";
import { FolderContainers, type ContainerNode } from "./ContainerNode";

interface ContainersViewParts extends TreeParts {
  readonly jobs: JobRunner;
}

/** The folders' containers on one engine. */
interface Opened {
  readonly engine: ContainerEngine;
  readonly folders: Promise<readonly FolderContainers[]>;
}

/** Several events come with each start and end of a container. */
const SETTLE_MS = 200;

/** The containers of this window's folders. */
export class ContainersTreeProvider extends EngineTree<ContainerNode, ContainersViewParts> {
  private opened: Opened | undefined;

  constructor(parts: ContainersViewParts) {
    super(parts, SETTLE_MS);
  }

  getTreeItem(node: ContainerNode): vscode.TreeItem {
    return containerItem(node, this.parts.jobs.tasksIn(node.container.id));
  }

  /** Reads everything anew, whatever the events have said. */
  readAnew(): void {
    this.forget();
    this.refresh();
  }

  protected async roots(engine: ContainerEngine): Promise<readonly ContainerNode[]> {
    if (this.opened?.engine !== engine) {
      this.opened = { engine, folders: this.open(engine) };
    }
    const folders = await this.opened.folders;
    return (await Promise.all(folders.map(async (each) => each.read()))).flat();
  }

  protected subscribe(): readonly { dispose(): unknown }[] {
    const { engines, jobs } = this.parts;
    return [
      engines.monitor.onEvent((event) => {
        if (event.kind !== "image") {
          this.note(event);
        }
      }),
      // Which task runs where, and what has failed, no engine knows.
      jobs.onDidChange(() => {
        this.refresh();
      }),
    ];
  }

  protected override forget(): void {
    this.opened = undefined;
  }

  private note(event: EngineEvent): void {
    void this.opened?.folders.then((folders) => {
      folders.forEach(({ list }) => {
        list.note(event);
      });
      this.refresh();
    });
  }

  private async open(engine: ContainerEngine): Promise<readonly FolderContainers[]> {
    const folders = this.parts.workspace.folders();
    const opened = await Promise.allSettled(folders.map(async (folder) => FolderContainers.open(folder, engine)));
    // A folder that is gone from the disk must not hide the others' containers.
    return opened.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  }
}
