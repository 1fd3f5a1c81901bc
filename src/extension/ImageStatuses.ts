import { relative } from "node:path";
import * as vscode from "vscode";
import { cacheFolder } from "../core/cacheFolder";
import { WorkspaceError } from "../core/errors/configurationErrors";
import { ContextWatch } from "../core/fingerprint/scan/ContextWatch";
import { checkImage } from "../core/job/resolveImage";
import { ImageStatusTracker } from "../core/status/ImageStatusTracker";
import { Debounce } from "./Debounce";
import type { EngineAccess } from "./EngineAccess";
import { affectsImages, readNetwork } from "./networkReader";
import type { WorkspaceAccess } from "./WorkspaceAccess";

/** A pause after the last change of a file, in milliseconds: a checkout or a save of many files is one change. */
const FILES_SETTLE_MS = 500;
/** The same for .git, which is an input like any other unless it is ignored, but in which editors write all the time. */
const GIT_SETTLE_MS = 2_000;
const IN_GIT = /\/\.git(?:\/|$)/;
/** A build or a pull is several events. */
const IMAGES_SETTLE_MS = 1_000;
/** How old a look may be when somebody comes back to the window, in milliseconds. */
const MAX_AGE_MS = 30_000;

interface Watched {
  readonly tracker: ImageStatusTracker;
  readonly disposable: vscode.Disposable;
}

/** How the image of each folder stands, kept current by watching its files. Looks at nothing without trust. */
export class ImageStatuses {
  private readonly watched = new Map<string, Watched>();
  private readonly folderChange: vscode.Disposable;
  private following: { dispose(): void } | undefined;

  constructor(
    private readonly engines: EngineAccess,
    private readonly workspace: WorkspaceAccess,
  ) {
    this.folderChange = vscode.workspace.onDidChangeWorkspaceFolders(() => {
      this.dropRemovedFolders();
    });
  }

  of(folder: vscode.WorkspaceFolder): ImageStatusTracker {
    const key = folder.uri.toString();
    const known = this.watched.get(key) ?? this.watch(folder);
    this.watched.set(key, known);
    return known.tracker;
  }

  dispose(): void {
    this.folderChange.dispose();
    this.following?.dispose();
    this.drop([...this.watched.keys()]);
  }

  private dropRemovedFolders(): void {
    const present = new Set(this.workspace.folders().map(({ uri }) => uri.toString()));
    this.drop([...this.watched.keys()].filter((key) => !present.has(key)));
  }

  private drop(keys: readonly string[]): void {
    for (const key of keys) {
      this.watched.get(key)?.disposable.dispose();
      this.watched.delete(key);
    }
  }

  private watch(folder: vscode.WorkspaceFolder): Watched {
    /** When all files were looked at last, not only those whose change was told. */
    let lastWholeLook = 0;
    const watch = new ContextWatch();
    const tracker = new ImageStatusTracker(async (signal) => {
      lastWholeLook = lastWholeLook === 0 ? Date.now() : lastWholeLook;
      return this.check(folder, watch, signal);
    });
    const look = (): void => {
      if (vscode.workspace.isTrusted) {
        void tracker.refresh();
      }
    };
    const afterFiles = new Debounce(FILES_SETTLE_MS, look);
    const afterGit = new Debounce(GIT_SETTLE_MS, look);
    const refreshSoon = ({ path, fsPath }: vscode.Uri): void => {
      watch.note(relative(folder.uri.fsPath, fsPath));
      if (vscode.workspace.isTrusted) {
        (IN_GIT.test(path) ? afterGit : afterFiles).trigger();
      }
    };
    const afterImages = new Debounce(IMAGES_SETTLE_MS, look);
    const files = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, "**"));
    const disposable = vscode.Disposable.from(
      tracker,
      watch,
      afterFiles,
      afterGit,
      files,
      files.onDidChange(refreshSoon),
      files.onDidCreate(refreshSoon),
      files.onDidDelete(refreshSoon),
      afterImages,
      this.engines.monitor.onDidChange(look),
      this.engines.monitor.onEvent(({ kind }) => {
        // What a build of ours does, it tells itself.
        if (kind === "image" && tracker.current.state !== "building" && vscode.workspace.isTrusted) {
          afterImages.trigger();
        }
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(look),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affectsImages(event)) {
          look();
        }
      }),
      // Not every change is told by the watcher: inputs may lie outside the folder or be left out by VS Code's
      // settings, and an engine may have come back.
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused && mayGrowOld(tracker) && Date.now() - lastWholeLook > MAX_AGE_MS) {
          lastWholeLook = Date.now();
          watch.forget();
          look();
        }
      }),
    );
    return { tracker, disposable };
  }

  private async check(
    folder: vscode.WorkspaceFolder,
    watch: ContextWatch,
    signal: AbortSignal,
  ): ReturnType<typeof checkImage> {
    if (!vscode.workspace.isTrusted) {
      throw new WorkspaceError(vscode.l10n.t("Nothing is checked or built in a workspace that is not trusted."));
    }
    const configuration = await this.workspace.read(folder);
    // From the first look on: an engine that comes later, or back, is noticed.
    this.following ??= this.engines.monitor.follow();
    const engine = await this.engines.monitor.current({ signal });
    try {
      return await checkImage({
        engine,
        configuration,
        cacheFolder: cacheFolder(),
        network: readNetwork,
        watch,
        signal,
      });
    } catch (error) {
      this.engines.monitor.reportFailure(engine, error);
      throw error;
    }
  }
}

/** A long look is not begun anew, and a failed build stays to be seen until something has changed. */
function mayGrowOld({ current: { state } }: ImageStatusTracker): boolean {
  return state !== "checking" && state !== "failed";
}
