import type { ContainerEngine } from "../../ports/ContainerEngine";
import type { PortBinding } from "../../ports/ContainerTypes";
import type { Workspace } from "../../Workspace";
import type { PreparedSpec } from "../spec/containerSpec";
import { ContainerMarks, THESE_PROCESSES, type Processes } from "./ContainerMarks";
import { fileSetupRecord } from "./fileSetupRecord";
import { HeldContainer } from "./HeldContainer";
import { idleLimit, keepAliveCommand } from "./keepAlive";
import type { SetupRecord } from "./SetupRecord";
import { warmKey, warmName } from "./warmKey";
import { WarmSearch } from "./WarmSearch";

export interface AcquireOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  readonly cacheFolder: string;
  readonly prepared: PreparedSpec;
  readonly image: {
    readonly reference: string;
    readonly imageId: string;
    readonly fingerprint: string | undefined;
  };
  /** How long it goes on when nothing runs in it; 0 removes it at its release, and leaves it ten minutes to whoever died. */
  readonly keepWarmMs: number;
  readonly session: string;
  /** Replaces one that is there. */
  readonly fresh?: boolean | undefined;
  /** Whose failed run is followed by this one, so that its container need not be kept any more. */
  readonly task?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type ReleaseMode =
  /** Stays for the next run, unless keepWarmMs is 0. */
  | "warm"
  /** Goes, once nobody else uses it. */
  | "remove"
  /** Stays, also with a keepWarmMs of 0, until it is discarded or its task runs again. */
  | "keep"
  /** The engine does not answer: what ran in it may do so still, and is ended before it is used again. */
  | "left";

/** A container that runs, held by a lease until its release. */
export interface AcquiredContainer {
  /** "" where `shell` is "none". */
  readonly id: string;
  readonly name: string;
  readonly ports: readonly PortBinding[];
  readonly reused: boolean;
  /** Why one that was there could not be used, for people. */
  readonly replaced: string | undefined;
  /** "none": no /bin/sh in the image; nothing was made, each step is to run in a container of its own. */
  readonly shell: "sh" | "none";
  /** From the call until programs could run in it, in milliseconds. */
  readonly durationMs: number;
  /** For people; besides those of the prepared spec. */
  readonly warnings: readonly string[];
  readonly setup: SetupRecord;
  /** Never rejects; a second call does nothing. @returns problems, for people. */
  release(how: ReleaseMode): Promise<readonly string[]>;
}

/**
 * The warm container of a workspace for this image and these options: the one that is there, else a new one. To be
 * released in `finally`.
 *
 * Rejects as makeContainer does; with ContainerNotRunningError where somebody has paused it, with ContainerNameInUseError
 * where somebody else's has its name, and with WarmContainerBusyError where it cannot be had within a minute.
 */
export async function acquireContainer(
  options: AcquireOptions,
  processes: Processes = THESE_PROCESSES,
): Promise<AcquiredContainer> {
  const started = performance.now();
  const { workspace, prepared, image, cacheFolder, keepWarmMs, signal } = options;
  signal?.throwIfAborted();
  const command = keepAliveCommand(idleLimit(keepWarmMs));
  const key = warmKey({ workspace, imageId: image.imageId, runHash: prepared.runHash, command });
  const marks = new ContainerMarks(cacheFolder, warmName(workspace, key), processes);
  const lease = await marks.put("lease");
  try {
    const found = await new WarmSearch({ ...options, marks, lease, key, command }).find();
    if (found.kind === "no-shell") {
      await lease.remove();
      return withoutShell(options, marks, performance.now() - started);
    }
    const held = new HeldContainer(options, marks, lease, found);
    return await held.acquired(started);
  } catch (error) {
    await lease.remove();
    throw error;
  }
}

function withoutShell({ cacheFolder }: AcquireOptions, marks: ContainerMarks, durationMs: number): AcquiredContainer {
  return {
    ...{ id: "", name: marks.name, ports: [], reused: false, replaced: undefined, shell: "none", durationMs },
    warnings: [],
    setup: fileSetupRecord(cacheFolder, marks, ""),
    release: async () => Promise.resolve([]),
  };
}
