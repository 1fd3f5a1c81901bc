import * as vscode from "vscode";
import { newSession } from "./commands/runJobs";
import { ContainerLogs } from "./ContainerLogs";
import { ContainersTreeProvider } from "./containers/ContainersTreeProvider";
import { EngineAccess } from "./EngineAccess";
import { ExplanationDocuments } from "./ExplanationDocuments";
import { VIEW } from "./ids";
import { ImagesTreeProvider } from "./ImagesTreeProvider";
import { ImageStatuses } from "./ImageStatuses";
import { JobRunner } from "./jobs/JobRunner";
import { JsonDocuments } from "./JsonDocuments";
import { LeftoverCleaner } from "./LeftoverCleaner";
import { Outputs } from "./Outputs";
import { Problems } from "./Problems";
import { registerCommands } from "./registerCommands";
import { StatusBar } from "./StatusBar";
import { Shells } from "./terminals/Shells";
import { WorkspaceAccess } from "./WorkspaceAccess";

/** What is to be ended before the window goes, in this order. */
let ends: readonly (() => Promise<unknown>)[] = [];

/** Puts the parts together. What the status bar shows is looked for once this has returned; all else waits until it is asked for. */
export function activate(context: vscode.ExtensionContext): void {
  const session = newSession();
  const outputs = new Outputs();
  const problems = new Problems();
  const engines = new EngineAccess(outputs.log, context.workspaceState);
  const workspace = new WorkspaceAccess(context.workspaceState, problems);
  const statuses = new ImageStatuses(engines, workspace);
  const statusBar = new StatusBar(workspace, statuses);
  const jobs = new JobRunner({ engines, statuses, outputs, problems });
  const shells = new Shells({ engines, outputs, session });
  const containers = new ContainersTreeProvider({ engines, workspace, jobs, log: outputs.log });
  const images = new ImagesTreeProvider({ engines, workspace, statuses, log: outputs.log });
  const documents = new JsonDocuments();
  const explanations = new ExplanationDocuments();
  const logs = new ContainerLogs(outputs);
  const view = vscode.window.createTreeView(VIEW.containers, { treeDataProvider: containers });
  const imagesView = vscode.window.createTreeView(VIEW.images, { treeDataProvider: images });
  ends = [async () => Promise.all([jobs.stopAll(), shells.stopAll()]), async () => engines.dispose()];
  context.subscriptions.push(
    outputs,
    problems,
    statuses,
    statusBar,
    jobs,
    containers,
    images,
    documents,
    explanations,
    logs,
    view,
    imagesView,
    new LeftoverCleaner(engines, outputs.log),
    view.onDidChangeVisibility(({ visible }) => {
      containers.setVisible(visible);
    }),
    imagesView.onDidChangeVisibility(({ visible }) => {
      images.setVisible(visible);
    }),
    registerCommands({
      ...{ workspace, statuses, jobs, shells, outputs, containers, images, documents, explanations, logs, engines },
      session,
    }),
  );
  containers.setVisible(view.visible);
  images.setVisible(imagesView.visible);
  statusBar.follow();
}

/** Tasks and shells end with the window; the containers that they ran in wait for a while, and end by themselves. */
export async function deactivate(): Promise<void> {
  for (const end of ends) {
    await end();
  }
}
