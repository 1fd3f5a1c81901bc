import * as vscode from "vscode";
import { cacheFolder } from "../core/cacheFolder";
import { EngineLostError, EngineTimeoutError } from "../core/errors";
import { checkImage } from "../core/job/resolveImage";
import { ImageStatusTracker } from "../core/status/ImageStatusTracker";
import type { EngineAccess } from "./EngineAccess";
import type { WorkspaceAccess } from "./WorkspaceAccess";

/** A pause after the last change of a file, in milliseconds: a checkout or a save of many files is one change. */
const SETTLE_MS = 500;
/** What changes all the time without being an input; .dockerignore decides about the rest. */
const NEVER_INPUT = /\/\.git\//;

interface Watched {
  readonly tracker: ImageStatusTracker;
  readonly disposables: readonly { dispose(): unknown }[];
}

/** How the image of each folder stands, kept current by watching its files. */
export class ImageStatuses {
  private readonly watched = new Map<string, Watched>();

  constructor(
    private readonly engines: EngineAccess,
    private readonly workspace: WorkspaceAccess,
  ) {}

  of(folder: vscode.WorkspaceFolder): ImageStatusTracker {
    const key = folder.uri.toString();
    const known = this.watched.get(key) ?? this.watch(folder);
    this.watched.set(key, known);
    return known.tracker;
  }

  dispose(): void {
    for (const { disposables } of this.watched.values()) {
      vscode.Disposable.from(...disposables).dispose();
    }
    this.watched.clear();
  }

  private watch(folder: vscode.WorkspaceFolder): Watched {
    const tracker = new ImageStatusTracker(async (signal) => this.check(folder, signal));
    let timer: NodeJS.Timeout | undefined;
    const refreshSoon = (uri?: vscode.Uri): void => {
      if (uri === undefined || !NEVER_INPUT.test(uri.path)) {
        clearTimeout(timer);
        timer = setTimeout(() => void tracker.refresh(), SETTLE_MS);
      }
    };
    const files = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, "**"));
    const disposables = [
      tracker,
      files,
      files.onDidChange(refreshSoon),
      files.onDidCreate(refreshSoon),
      files.onDidDelete(refreshSoon),
      this.engines.onDidChange(() => {
        refreshSoon();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        refreshSoon();
      }),
      new vscode.Disposable(() => {
        clearTimeout(timer);
      }),
    ];
    return { tracker, disposables };
  }

  private async check(folder: vscode.WorkspaceFolder, signal: AbortSignal): ReturnType<typeof checkImage> {
    const configuration = await this.workspace.read(folder);
    const engine = await this.engines.get();
    try {
      return await checkImage({ engine, configuration, cacheFolder: cacheFolder(), signal });
    } catch (error) {
      if (error instanceof EngineLostError || error instanceof EngineTimeoutError) {
        this.engines.forget();
      }
      throw error;
    }
  }
}
