import * as vscode from "vscode";
import { CONFIGURATION_FILE } from "../core/config/readWorkspaceConfiguration";
import { DockerfileError, ImageBuildError, ImageNotFoundError, type ConfigurationProblem } from "../core/errors";

/** Mistakes at their place in the files, in the Problems view. */
export class Problems {
  private readonly configuration = vscode.languages.createDiagnosticCollection("slipway.json");
  private readonly builds = vscode.languages.createDiagnosticCollection("slipway build");

  showConfiguration(folder: vscode.WorkspaceFolder, problems: readonly ConfigurationProblem[]): void {
    const file = vscode.Uri.joinPath(folder.uri, CONFIGURATION_FILE);
    this.configuration.set(
      file,
      problems.map(({ line, column, message }) => diagnostic(new vscode.Position(line - 1, column - 1), message)),
    );
  }

  /** Shows a failed build at its line of the Dockerfile. Errors that have no such place are left to their message. */
  showBuild(folder: vscode.WorkspaceFolder, error: unknown): void {
    const location = locationOf(error);
    if (location !== undefined && error instanceof Error) {
      const file = vscode.Uri.joinPath(folder.uri, location.path);
      this.builds.set(file, [diagnostic(new vscode.Position(location.line - 1, 0), error.message)]);
    }
  }

  clearBuild(): void {
    this.builds.clear();
  }

  dispose(): void {
    this.configuration.dispose();
    this.builds.dispose();
  }
}

/** Where in the workspace an error happened: the path is relative to the folder, the line from 1. */
export function locationOf(error: unknown): { readonly path: string; readonly line: number } | undefined {
  if (error instanceof ImageBuildError && error.failure.dockerfile !== undefined) {
    return { path: error.failure.dockerfile, line: error.failure.line ?? 1 };
  }
  if (error instanceof DockerfileError && error.problem !== "missing" && error.problem !== "folder") {
    return { path: error.path, line: error.line ?? 1 };
  }
  if (error instanceof ImageNotFoundError && error.location !== undefined) {
    return { path: error.location.dockerfile, line: error.location.line };
  }
  return undefined;
}

function diagnostic(start: vscode.Position, message: string): vscode.Diagnostic {
  const end = new vscode.Position(start.line, Number.MAX_SAFE_INTEGER);
  const result = new vscode.Diagnostic(new vscode.Range(start, end), message);
  result.source = "Slipway";
  return result;
}
