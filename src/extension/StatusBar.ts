import * as vscode from "vscode";
import type { ImageStatus } from "../core/status/ImageStatus";
import type { ImageStatusTracker } from "../core/status/ImageStatusTracker";
import type { ImageStatuses } from "./ImageStatuses";
import { COMMAND } from "./ids";
import type { WorkspaceAccess } from "./WorkspaceAccess";

interface Appearance {
  readonly icon: string;
  readonly text: string;
  readonly detail: string;
  readonly background?: "warning" | "error";
}

/** How the image of the current folder stands; a click rebuilds it. */
export class StatusBar {
  private readonly item = vscode.window.createStatusBarItem("slipway.image", vscode.StatusBarAlignment.Left, 50);
  private readonly folderChange: vscode.Disposable;
  private shown: { readonly tracker: ImageStatusTracker; readonly subscription: { dispose(): void } } | undefined;

  constructor(
    private readonly workspace: WorkspaceAccess,
    private readonly statuses: ImageStatuses,
  ) {
    this.item.name = vscode.l10n.t("Slipway: Image");
    const follow = (): void => {
      this.follow();
    };
    this.folderChange = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor(follow),
      vscode.workspace.onDidChangeWorkspaceFolders(follow),
    );
  }

  /** Shows the folder of the active editor from now on. */
  follow(): void {
    const folder = this.workspace.currentFolder();
    const tracker = folder === undefined ? undefined : this.statuses.of(folder);
    if (tracker !== undefined && tracker === this.shown?.tracker) {
      return;
    }
    this.shown?.subscription.dispose();
    this.shown = undefined;
    if (folder === undefined || tracker === undefined) {
      this.item.hide();
      return;
    }
    const subscription = tracker.onDidChange((status) => {
      this.render(folder, status);
    });
    this.shown = { tracker, subscription };
    this.render(folder, tracker.current);
    if (tracker.current.state === "unknown" && vscode.workspace.isTrusted) {
      void tracker.refresh();
    }
  }

  dispose(): void {
    this.shown?.subscription.dispose();
    this.folderChange.dispose();
    this.item.dispose();
  }

  private render(folder: vscode.WorkspaceFolder, status: ImageStatus): void {
    const { icon, text, detail, background } = vscode.workspace.isTrusted ? appearanceOf(status) : untrusted();
    this.item.text = `$(${icon}) Slipway: ${text}`;
    const noEngine = status.state === "no-engine";
    const title = noEngine ? vscode.l10n.t("Select Engine") : vscode.l10n.t("Rebuild Image");
    const click = noEngine ? vscode.l10n.t("Click to select an engine.") : vscode.l10n.t("Click to rebuild the image.");
    this.item.command = noEngine
      ? { command: COMMAND.selectEngine, title }
      : { command: COMMAND.rebuildImage, title, arguments: [folder.uri] };
    this.item.tooltip = tooltipOf(`${folder.name}: ${detail}`, click, canBeExplained(status) ? folder.uri : undefined);
    this.item.accessibilityInformation = { label: `Slipway: ${text}. ${detail}`, role: "button" };
    this.item.backgroundColor =
      background === undefined ? undefined : new vscode.ThemeColor(`statusBarItem.${background}Background`);
    this.item.show();
  }
}

/** @param explained the folder whose image's state can be explained, if any. */
function tooltipOf(detail: string, click: string, explained: vscode.Uri | undefined): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString().appendText(detail).appendMarkdown(`\n\n${click}`);
  if (explained !== undefined) {
    const argument = encodeURIComponent(JSON.stringify([explained.toString()]));
    tooltip.appendMarkdown(` [${vscode.l10n.t("Why?")}](command:${COMMAND.explainImage}?${argument})`);
    tooltip.isTrusted = { enabledCommands: [COMMAND.explainImage] };
  }
  return tooltip;
}

function canBeExplained({ state }: ImageStatus): boolean {
  return (
    vscode.workspace.isTrusted && (state === "fresh" || state === "stale" || state === "absent" || state === "given")
  );
}

function untrusted(): Appearance {
  const detail = vscode.l10n.t("Nothing is checked or built in a workspace that is not trusted.");
  return { icon: "workspace-untrusted", text: vscode.l10n.t("not trusted"), detail };
}

function appearanceOf(status: ImageStatus): Appearance {
  switch (status.state) {
    case "unknown":
      return {
        icon: "package",
        text: vscode.l10n.t("not checked"),
        detail: vscode.l10n.t("Whether the image is fresh has not been checked yet."),
      };
    case "checking":
      return {
        icon: "sync~spin",
        text: vscode.l10n.t("checking"),
        detail: vscode.l10n.t("Looking whether an input of the image has changed."),
      };
    case "absent":
      return { icon: "circle-slash", text: vscode.l10n.t("no image"), detail: status.reason };
    case "fresh":
      return { icon: "check", text: vscode.l10n.t("fresh"), detail: status.reason };
    case "stale":
      return {
        icon: "warning",
        text: status.changes === 0 ? vscode.l10n.t("stale") : vscode.l10n.t("stale ({0})", status.changes),
        detail: status.reason,
        background: "warning",
      };
    case "given":
      return { icon: "package", text: status.reference, detail: status.reason };
    case "building":
      return {
        icon: "loading~spin",
        text: vscode.l10n.t("building"),
        detail: status.step ?? vscode.l10n.t("The build is starting."),
      };
    case "failed":
      return { icon: "error", text: vscode.l10n.t("build failed"), detail: status.reason, background: "error" };
    case "no-engine":
      return { icon: "debug-disconnect", text: vscode.l10n.t("no engine"), detail: status.reason };
    case "unavailable":
      return { icon: "circle-slash", text: vscode.l10n.t("cannot check"), detail: status.reason };
  }
}
