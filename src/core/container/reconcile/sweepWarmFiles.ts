import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { LABEL } from "../../labels";
import type { ContainerEngine } from "../../ports/ContainerEngine";
import type { ContainerSummary } from "../../ports/ContainerTypes";
import type { Workspace } from "../../Workspace";
import { ContainerMarks, isOfTheGone, warmFolder } from "../warm/ContainerMarks";
import { engineIdOf } from "../warm/CurrentContainer";

/** In milliseconds: of what does not say which engine it is about. */
const FORGOTTEN_MS = 30 * 24 * 3_600_000;

export interface SweepWarmFilesOptions {
  readonly engine: ContainerEngine;
  readonly cacheFolder: string;
  readonly workspace: Workspace | undefined;
  /** All that there are of the workspace, or of all workspaces. */
  readonly containers: readonly ContainerSummary[];
}

/** Removes what is known of containers that are gone. Never rejects. */
export async function sweepWarmFiles(options: SweepWarmFilesOptions): Promise<void> {
  const { engine, cacheFolder, workspace, containers } = options;
  const engineId = engineIdOf(engine);
  const folder = warmFolder(cacheFolder);
  const workspaces = new Set(containers.map(({ labels }) => labels[LABEL.workspace]));
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const [, workspaceId, ofEngine] = /^current-([0-9a-f]+)-([0-9a-f]+)\.json$/.exec(entry.name) ?? [];
    if (ofEngine === engineId && !workspaces.has(workspaceId) && [undefined, workspaceId].includes(workspace?.id)) {
      await rm(join(folder, entry.name), { force: true }).catch(() => undefined);
    }
    const isListed = workspace === undefined || entry.name.startsWith(`slipway-${workspace.slug}-`);
    if (entry.isDirectory() && entry.name.startsWith("slipway-") && isListed) {
      await sweepFolder(new ContainerMarks(cacheFolder, entry.name), engineId, containers);
    }
  }
}

async function sweepFolder(
  marks: ContainerMarks,
  engineId: string,
  containers: readonly ContainerSummary[],
): Promise<void> {
  const present = await marks.read();
  const container = containers.find(({ name }) => name === marks.name);
  const made = present.find(({ kind }) => kind === "made");
  if (container === undefined) {
    const isForgotten = present.every(({ modifiedMs }) => Date.now() - modifiedMs > FORGOTTEN_MS);
    if (made === undefined ? isForgotten : made.engine === engineId) {
      await marks.sweep();
    }
    return;
  }
  // What the dead were about to do has been judged. Their leases say, while it runs, that they may have left something in it.
  const isOver = container.state === "exited" || container.state === "dead";
  const dead = present.filter(
    (mark) => (isOver && isOfTheGone(mark)) || (!mark.alive && (mark.kind === "intent" || mark.kind === "claim")),
  );
  await Promise.all(dead.map(async (mark) => marks.drop(mark).catch(() => undefined)));
}
