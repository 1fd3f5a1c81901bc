import * as vscode from "vscode";
import { ExpectedError, isAbortError, messageOf } from "../core/errors/ExpectedError";
import { InvalidConfigurationError } from "../core/errors/configurationErrors";
import { EngineLostError, EngineUnavailableError } from "../core/errors/engineErrors";
import { ImageBuildError } from "../core/errors/imageErrors";
import { locationOf } from "../core/errors/locationOf";
import { CONFIGURATION_FILE } from "../core/config/readWorkspaceConfiguration";
import { COMMAND } from "./ids";
import type { Outputs } from "./Outputs";
import { fileOf } from "./Problems";

interface Action {
  readonly label: string;
  readonly run: () => unknown;
}

/**
 * Tells of a failure: nothing when it was cancelled, the message and one action when it is expected, and a request to
 * report it for anything else. Resolved once it is on the screen; the answer is dealt with on its own.
 */
export function reportError(error: unknown, outputs: Outputs, folder?: vscode.WorkspaceFolder): void {
  if (isAbortError(error)) {
    return;
  }
  const expected = error instanceof ExpectedError;
  outputs.log.error(error instanceof Error && !expected ? error : messageOf(error));
  const text = expected ? headline(error) : vscode.l10n.t("Slipway failed: {0}. Please report this.", messageOf(error));
  const action = actionFor(error, outputs, folder);
  void vscode.window.showErrorMessage(text, action.label).then((picked) => {
    if (picked === action.label) {
      action.run();
    }
  });
}

/** A notification shows one paragraph: what follows it is in the output and in the log. */
function headline(error: ExpectedError): string {
  const [first = "", ...rest] = error.message.split("\n");
  return error instanceof EngineUnavailableError || error instanceof InvalidConfigurationError
    ? [first, ...rest.map((line) => line.trim())].join(" ")
    : first;
}

function actionFor(error: unknown, outputs: Outputs, folder: vscode.WorkspaceFolder | undefined): Action {
  if (error instanceof EngineUnavailableError || error instanceof EngineLostError) {
    return {
      label: vscode.l10n.t("Select Engine…"),
      run: () => vscode.commands.executeCommand(COMMAND.selectEngine),
    };
  }
  if (error instanceof InvalidConfigurationError && folder !== undefined) {
    const [problem] = error.problems;
    return openFile(folder, problem?.path ?? CONFIGURATION_FILE, problem?.line ?? 1, problem?.column ?? 1);
  }
  if (error instanceof ImageBuildError) {
    return {
      label: vscode.l10n.t("Show Build Output"),
      run: () => {
        outputs.build.show();
      },
    };
  }
  const location = locationOf(error);
  return location !== undefined && folder !== undefined
    ? openFile(folder, location.path, location.line, 1)
    : {
        label: vscode.l10n.t("Show Log"),
        run: () => {
          outputs.log.show();
        },
      };
}

function openFile(folder: vscode.WorkspaceFolder, path: string, line: number, column: number): Action {
  const position = new vscode.Position(line - 1, column - 1);
  return {
    label: vscode.l10n.t("Open {0}", path),
    run: () =>
      vscode.window.showTextDocument(fileOf(folder, path), {
        selection: new vscode.Range(position, position),
      }),
  };
}
