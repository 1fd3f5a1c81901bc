import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { WorkspaceError } from "../core/errors/configurationErrors";
import { workspaceOf, type Workspace } from "../core/Workspace";
import type { CommonOptions } from "./CliCommand";

/** The workspace as engines know it, whatever it asks for. Rejects with WorkspaceError where there is no such folder. */
export async function openFolder({ workspace }: CommonOptions): Promise<Workspace> {
  const folder = await realpath(resolve(workspace)).catch((error: unknown) => {
    throw new WorkspaceError(`There is no folder ${workspace}.`, { cause: error });
  });
  return workspaceOf(folder);
}
