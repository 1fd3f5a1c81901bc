import type * as vscode from "vscode";

/** A task whose container was kept, as the argument of a command. */
export interface FailedTask {
  readonly folder: vscode.WorkspaceFolder;
  readonly task: string;
  readonly containerId: string;
}

export function isFailedTask(value: unknown): value is FailedTask {
  return typeof value === "object" && value !== null && "task" in value && "containerId" in value;
}
