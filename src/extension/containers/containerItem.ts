import * as vscode from "vscode";
import { LABEL } from "../../core/labels";
import { formatPortBinding } from "../formatPort";
import type { ContainerNode } from "./ContainerNode";

/**
 * A container as a row of the view.
 *
 * @param tasks what this window runs in it at this moment.
 */
export function containerItem({ container, failed }: ContainerNode, tasks: readonly string[]): vscode.TreeItem {
  const { id, name, state, status, image, ports, labels } = container;
  const running = state === "running";
  const isTask = labels[LABEL.kind] === "task";
  // The narrow row has to show the state, too.
  const label = isTask ? (labels[LABEL.task] ?? vscode.l10n.t("image's command")) : name.replace(/^slipway-/, "");
  const isFailed = failed !== undefined && tasks.length === 0;
  const bound = ports.map((port) => formatPortBinding(port));
  const facts = [
    ...(isFailed ? [vscode.l10n.t("failed: {0}", failed.step)] : []),
    // The task of a container that was made for it is its label already.
    ...(tasks.length > 0 && !isTask ? [vscode.l10n.t("running: {0}", tasks.join(", "))] : []),
    status,
    ...bound,
  ];
  const item = new vscode.TreeItem(label);
  item.id = id;
  item.description = facts.join("  ");
  item.tooltip = [name, image, ...facts].join("\n");
  item.iconPath = iconOf({ running, isFailed, isBusy: tasks.length > 0 });
  // What the menus of package.json look for.
  item.contextValue = [
    "slipway.container",
    running ? "running" : "stopped",
    ...(running || !isTask ? ["shell"] : []),
    ...(tasks.length > 0 ? ["busy"] : []),
    ...(isFailed ? ["failed"] : []),
    ...(ports.length > 0 ? ["ports"] : []),
  ].join(" ");
  item.accessibilityInformation = { label: [label, ...facts].join(", ") };
  return item;
}

function iconOf(state: {
  readonly running: boolean;
  readonly isFailed: boolean;
  readonly isBusy: boolean;
}): vscode.ThemeIcon {
  if (state.isFailed) {
    return new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground"));
  }
  if (state.isBusy) {
    return new vscode.ThemeIcon("sync~spin");
  }
  return new vscode.ThemeIcon(state.running ? "vm-running" : "vm-outline");
}
