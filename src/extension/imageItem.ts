import * as vscode from "vscode";
import { formatAge } from "../core/image/list/formatAge";
import { formatSize } from "../core/image/list/formatSize";
import { shortId, shortName, usedAt, type ImageState, type WorkspaceImage } from "../core/image/list/WorkspaceImage";

interface Appearance {
  readonly icon: vscode.ThemeIcon;
  readonly text: string;
  /** A sentence. */
  readonly meaning: string;
}

/**
 * An image as a row of the view.
 *
 * @param reason why the current image is fresh or stale, as the status bar says it.
 */
export function imageItem(image: WorkspaceImage, reason: string | undefined): vscode.TreeItem {
  const { id, name, otherNames, state, sizeBytes, usedBy } = image;
  const { icon, text } = appearanceOf(state);
  const label = name === undefined ? vscode.l10n.t("{0} (no name)", shortId(id)) : shortName(image);
  const item = new vscode.TreeItem(label);
  const uses = usedBy.length === 0 ? [] : [vscode.l10n.t("in use")];
  const age = formatAge(Date.now() - usedAt(image));
  item.description = [text, ...uses, age, formatSize(sizeBytes), ...otherNames].join(" · ");
  item.tooltip = tooltipOf(image, reason);
  item.iconPath = icon;
  item.contextValue = `slipway.image.${state}`;
  item.accessibilityInformation = { label: `${label}, ${item.description}` };
  return item;
}

function appearanceOf(state: ImageState): Appearance {
  switch (state) {
    case "fresh":
      return {
        icon: new vscode.ThemeIcon("pass-filled", new vscode.ThemeColor("testing.iconPassed")),
        text: vscode.l10n.t("fresh"),
        meaning: vscode.l10n.t("Made from the files as they are now."),
      };
    case "stale":
      return {
        icon: new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground")),
        text: vscode.l10n.t("stale"),
        meaning: vscode.l10n.t("The last one that was built or used. The next build replaces it."),
      };
    case "superseded":
      return {
        icon: new vscode.ThemeIcon("archive"),
        text: vscode.l10n.t("superseded"),
        meaning: vscode.l10n.t("Replaced by a newer one. Clean Up removes it once it is not one of the last."),
      };
  }
}

function tooltipOf(image: WorkspaceImage, reason: string | undefined): vscode.MarkdownString {
  const { id, name, otherNames, state, sizeBytes, created, lastUsed, usedBy } = image;
  const { text, meaning } = appearanceOf(state);
  const nameless = vscode.l10n.t(
    "It has no name, since a rebuild has given that to another image or its build was killed: no build can find it again.",
  );
  const tooltip = new vscode.MarkdownString(`**${text}**  \n`);
  tooltip.appendText(name === undefined ? nameless : meaning);
  if (state !== "superseded" && reason !== undefined) {
    tooltip.appendMarkdown("\n\n").appendText(reason);
  }
  tooltip.appendMarkdown("\n\n");
  const rows: readonly (readonly [string, readonly string[]])[] = [
    [vscode.l10n.t("Name"), name === undefined ? [] : [name]],
    [vscode.l10n.t("Also named"), otherNames],
    [vscode.l10n.t("ID"), [shortId(id)]],
    [vscode.l10n.t("Size"), [formatSize(sizeBytes)]],
    [vscode.l10n.t("Built"), [dateOf(created * 1000)]],
    [vscode.l10n.t("Last used"), lastUsed === undefined ? [] : [dateOf(lastUsed)]],
    [vscode.l10n.t("In use by"), usedBy.map((user) => user.name)],
  ];
  for (const [title, values] of rows.filter((row) => row[1].length > 0)) {
    // Names of images and containers have no backticks in them.
    tooltip.appendMarkdown(`- ${title}: ${values.map((value) => `\`${value}\``).join(", ")}\n`);
  }
  return tooltip;
}

function dateOf(ms: number): string {
  return new Date(ms).toLocaleString();
}
