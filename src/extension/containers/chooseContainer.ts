import * as vscode from "vscode";
import type { EngineAccess } from "../EngineAccess";
import type { WorkspaceAccess } from "../WorkspaceAccess";
import { containerItem } from "./containerItem";
import { FolderContainers, isContainerNode, type ContainerNode } from "./ContainerNode";
import type { JobRunner } from "../jobs/JobRunner";

export interface ChooseContainerParts {
  readonly engines: EngineAccess;
  readonly workspace: WorkspaceAccess;
  readonly jobs: JobRunner;
}

export interface ContainerQuestion {
  /** What the command got: a container of the view answers at once. */
  readonly argument: unknown;
  readonly title: string;
  /** Which of the window's containers the command is for. */
  readonly suits: (node: ContainerNode) => boolean;
  /** What is said where none does. */
  readonly none: string;
}

/**
 * The container that a command is meant for. Asks only where several suit, with the last answer first.
 *
 * @returns undefined when the question was dismissed, or nothing suits, which was told then.
 */
export async function chooseContainer(
  parts: ChooseContainerParts,
  { argument, title, suits, none }: ContainerQuestion,
): Promise<ContainerNode | undefined> {
  if (isContainerNode(argument)) {
    return argument;
  }
  const nodes = (await listContainers(parts)).filter(suits);
  const [first] = nodes;
  if (first === undefined || nodes.length === 1) {
    if (first === undefined) {
      void vscode.window.showInformationMessage(none);
    }
    return first;
  }
  const last = parts.workspace.rememberedContainer();
  const items = nodes.map((node) => toPick(node, parts));
  items.sort((a, b) => Number(b.node.container.name === last) - Number(a.node.container.name === last));
  const picked = await vscode.window.showQuickPick(items, { title });
  if (picked !== undefined) {
    await parts.workspace.rememberContainer(picked.node.container.name);
  }
  return picked?.node;
}

/** Rejects where there is no engine. */
async function listContainers({ engines, workspace }: ChooseContainerParts): Promise<readonly ContainerNode[]> {
  const engine = await engines.monitor.get();
  const found: ContainerNode[] = [];
  for (const folder of workspace.folders()) {
    found.push(...(await (await FolderContainers.open(folder, engine)).read()));
  }
  return found;
}

function toPick(
  node: ContainerNode,
  { jobs, workspace }: ChooseContainerParts,
): vscode.QuickPickItem & { readonly node: ContainerNode } {
  const { label, description } = containerItem(node, jobs.tasksIn(node.container.id));
  const folder = workspace.folders().length > 1 ? [node.folder.name] : [];
  const facts = typeof description === "string" ? [description] : [];
  return {
    label: typeof label === "string" ? label : node.container.name,
    description: [...folder, ...facts].join("  "),
    node,
  };
}
