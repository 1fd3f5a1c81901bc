import { messageOf } from "../errors/ExpectedError";
import { buildKey } from "../image/buildKey";
import type { BuildLock } from "../image/sharing/BuildLock";
import { LABEL, workspaceLabels } from "../labels";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import type { Workspace } from "../Workspace";
import { provisionReference } from "./provisionReference";

export interface CleanUpProvisionedOptions extends CallOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  readonly locks: BuildLock;
  /** The hash of the one that is used now. */
  readonly current: string;
  /** How many others stay, those that were built last. */
  readonly keep: number;
}

/**
 * Removes images with resources of a workspace that were superseded; never by force, nor what somebody has named or builds
 * now. @returns for people, what went wrong.
 */
export async function cleanUpProvisioned(options: CleanUpProvisionedOptions): Promise<readonly string[]> {
  const { engine, workspace, locks, current, keep, signal } = options;
  const problems: string[] = [];
  try {
    const labels = { ...workspaceLabels(workspace), [LABEL.kind]: "provision" };
    const others = (await engine.listImages({ labels, signal })).flatMap(({ id, references, labels: own }) => {
      const hash = own[LABEL.fingerprint];
      const name = hash === undefined ? undefined : provisionReference(hash);
      // What was made FROM one of ours has its labels, but other names.
      return name === undefined || hash === current || references.some((each) => each !== name) ? [] : [{ id, name }];
    });
    for (const { id, name } of others.slice(keep)) {
      if (!(await locks.isHeld(buildKey(engine, name)))) {
        await engine.removeImage(id, { signal });
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    problems.push(`Superseded images with resources could not be removed: ${messageOf(error)}`);
  }
  return problems;
}
