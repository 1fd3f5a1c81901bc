import { isAbsolute } from "node:path";
import * as vscode from "vscode";
import { type ConfigurationProblem } from "../core/errors/configurationErrors";
import { locationOf } from "../core/errors/locationOf";

/** Mistakes at their place in the files, in the Problems view. */
export class Problems {
  private readonly configuration = vscode.languages.createDiagnosticCollection("slipway.json");
  private readonly builds = vscode.languages.createDiagnosticCollection("slipway build");
  /** The files of a folder that mistakes are shown in, by the folder. */
  private readonly mistakenFiles = new Map<string, readonly vscode.Uri[]>();
  /** The file that a folder's last build failed at, by the folder. */
  private readonly failedAt = new Map<string, vscode.Uri>();

  /** Shows mistakes in the files that say what the folder asks for, instead of those from before. */
  showConfiguration(folder: vscode.WorkspaceFolder, problems: readonly ConfigurationProblem[]): void {
    const key = folder.uri.toString();
    const before = this.mistakenFiles.get(key) ?? [];
    const byFile = new Map<string, ConfigurationProblem[]>();
    for (const problem of problems) {
      byFile.set(problem.path, [...(byFile.get(problem.path) ?? []), problem]);
    }
    const files = [...byFile].map(([path, found]) => ({ uri: fileOf(folder, path), found }));
    for (const uri of before.filter((old) => !files.some((file) => file.uri.toString() === old.toString()))) {
      this.configuration.delete(uri);
    }
    for (const { uri, found } of files) {
      this.configuration.set(
        uri,
        found.map(({ line, column, message }) => diagnostic(new vscode.Position(line - 1, column - 1), message)),
      );
    }
    this.mistakenFiles.set(
      key,
      files.map(({ uri }) => uri),
    );
  }

  /** Shows a failed build at its line of the Dockerfile. Errors that have no such place are left to their message. */
  showBuild(folder: vscode.WorkspaceFolder, error: unknown): void {
    const location = locationOf(error);
    if (location !== undefined && error instanceof Error) {
      const file = fileOf(folder, location.path);
      this.failedAt.set(folder.uri.toString(), file);
      this.builds.set(file, [diagnostic(new vscode.Position(location.line - 1, 0), error.message)]);
    }
  }

  clearBuild(folder: vscode.WorkspaceFolder): void {
    const file = this.failedAt.get(folder.uri.toString());
    if (file !== undefined) {
      this.builds.delete(file);
      this.failedAt.delete(folder.uri.toString());
    }
  }

  dispose(): void {
    this.configuration.dispose();
    this.builds.dispose();
  }
}

/** A file that a message names: relative to the folder, or absolute where it lies outside. */
export function fileOf(folder: vscode.WorkspaceFolder, path: string): vscode.Uri {
  return isAbsolute(path) ? vscode.Uri.file(path) : vscode.Uri.joinPath(folder.uri, path);
}

function diagnostic(start: vscode.Position, message: string): vscode.Diagnostic {
  const end = new vscode.Position(start.line, Number.MAX_SAFE_INTEGER);
  const result = new vscode.Diagnostic(new vscode.Range(start, end), message);
  result.source = "Slipway";
  return result;
}
