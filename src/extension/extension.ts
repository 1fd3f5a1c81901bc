import * as vscode from "vscode";
import { ContainerLogs } from "./commands/containerCommands";
import { newSession } from "./commands/runJobs";
import { ContainersTreeProvider } from "./ContainersTreeProvider";
import { EngineAccess } from "./EngineAccess";
import { ExplanationDocuments } from "./ExplanationDocuments";
import { VIEW } from "./ids";
import { ImageDocuments } from "./ImageDocuments";
import { ImagesTreeProvider } from "./ImagesTreeProvider";
import { ImageStatuses } from "./ImageStatuses";
import { JobRunner } from "./JobRunner";
import { Outputs } from "./Outputs";
import { Problems } from "./Problems";
import { registerCommands } from "./registerCommands";
import { StatusBar } from "./StatusBar";
import { WorkspaceAccess } from "./WorkspaceAccess";

let running: JobRunner | undefined;
let engine: EngineAccess | undefined;

/** Puts the parts together. What the status bar shows is looked for once this has returned; all else waits until it is asked for. */
export function activate(context: vscode.ExtensionContext): void {
  const outputs = new Outputs();
  const problems = new Problems();
  const engines = new EngineAccess(outputs.log, context.workspaceState);
  const workspace = new WorkspaceAccess(context.workspaceState, problems);
  const statuses = new ImageStatuses(engines, workspace);
  const statusBar = new StatusBar(workspace, statuses);
  const containers = new ContainersTreeProvider(engines, workspace, outputs.log);
  const images = new ImagesTreeProvider({ engines, workspace, statuses, log: outputs.log });
  const documents = new ImageDocuments();
  const explanations = new ExplanationDocuments();
  const logs = new ContainerLogs(outputs);
  const jobs = new JobRunner({ engines, statuses, outputs, problems });
  const view = vscode.window.createTreeView(VIEW.containers, { treeDataProvider: containers });
  const imagesView = vscode.window.createTreeView(VIEW.images, { treeDataProvider: images });
  running = jobs;
  engine = engines;
  context.subscriptions.push(
    outputs,
    problems,
    statuses,
    statusBar,
    containers,
    images,
    documents,
    explanations,
    logs,
    view,
    imagesView,
    view.onDidChangeVisibility(({ visible }) => {
      containers.setVisible(visible);
    }),
    imagesView.onDidChangeVisibility(({ visible }) => {
      images.setVisible(visible);
    }),
    registerCommands({
      workspace,
      statuses,
      jobs,
      outputs,
      containers,
      images,
      documents,
      explanations,
      logs,
      engines,
      session: newSession(),
    }),
  );
  containers.setVisible(view.visible);
  images.setVisible(imagesView.visible);
  statusBar.follow();
}

/** Tasks end with the window: what they run in is stopped and removed. */
export async function deactivate(): Promise<void> {
  await running?.stopAll();
  await engine?.dispose();
}
