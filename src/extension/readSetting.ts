import * as vscode from "vscode";
import type { z } from "zod";
import { WorkspaceError } from "../core/errors/configurationErrors";
import { SETTING } from "./ids";

/**
 * A setting of Slipway's, whose default package.json has. VS Code gives what settings.json says, whatever its type.
 *
 * @param name without the "slipway."
 * @param scope the folder whose settings count; undefined is the window
 */
export function readSetting<T>(name: string, shape: z.ZodType<T>, scope?: vscode.Uri): T {
  const parsed = shape.safeParse(vscode.workspace.getConfiguration(SETTING.section, scope).get(name));
  if (!parsed.success) {
    const key = `${SETTING.section}.${name}`;
    throw new WorkspaceError(
      vscode.l10n.t("The setting {0} is not valid: {1}. Mend it in your settings.", key, messageOf(parsed.error)),
    );
  }
  return parsed.data;
}

function messageOf({ issues }: z.ZodError): string {
  return issues.map(({ message }) => message).join(", ");
}
