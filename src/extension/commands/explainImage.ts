import * as vscode from "vscode";
import { cacheFolder } from "../../core/cacheFolder";
import type { WorkspaceConfiguration } from "../../core/config/WorkspaceConfiguration";
import { explainImage } from "../../core/explain/explainImage";
import type { Explanation } from "../../core/explain/Explanation";
import type { EngineAccess } from "../EngineAccess";
import type { ExplanationDocuments } from "../ExplanationDocuments";
import { readNetwork } from "../networkReader";
import type { Outputs } from "../Outputs";
import { reportError } from "../reportError";
import type { WorkspaceAccess } from "../WorkspaceAccess";

export interface ExplainParts {
  readonly engines: EngineAccess;
  readonly workspace: WorkspaceAccess;
  readonly explanations: ExplanationDocuments;
  readonly outputs: Outputs;
}

/**
 * Why Is the Image Stale?: what changed since it was built, item by item, or why it is fresh.
 *
 * @param resource the folder that is meant, or something in it. Undefined asks when there are several.
 */
export async function explainImageCommand(parts: ExplainParts, resource: vscode.Uri | undefined): Promise<void> {
  const { workspace, explanations, outputs } = parts;
  const folder = await workspace.pickFolder(resource);
  if (folder === undefined) {
    return;
  }
  try {
    const configuration = await workspace.readOrAsk(folder);
    if (configuration !== undefined) {
      await explanations.show(folder, configuration, await explain(parts, configuration));
    }
  } catch (error) {
    reportError(error, outputs, folder);
  }
}

async function explain(
  { engines: { monitor } }: ExplainParts,
  configuration: WorkspaceConfiguration,
): Promise<Explanation> {
  const options = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Looking what has changed") };
  return vscode.window.withProgress(options, async () => {
    const lease = await monitor.lease();
    const { engine } = lease;
    try {
      return await explainImage({ engine, configuration, cacheFolder: cacheFolder(), network: readNetwork });
    } catch (error) {
      monitor.reportFailure(engine, error);
      throw error;
    } finally {
      lease.release();
    }
  });
}
