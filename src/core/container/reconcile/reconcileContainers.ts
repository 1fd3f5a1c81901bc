import { existsSync } from "node:fs";
import { messageOf } from "../../errors/ExpectedError";
import { CONTAINER_LABELS, containerLabels, LABEL } from "../../labels";
import type { ContainerEngine } from "../../ports/ContainerEngine";
import type { ContainerSummary } from "../../ports/ContainerTypes";
import type { Workspace } from "../../Workspace";
import { ContainerMarks, isOfTheGone } from "../warm/ContainerMarks";
import { CurrentContainerFile } from "../warm/CurrentContainer";
import { exclusively } from "../warm/exclusively";
import { removalCommand } from "../warm/removalCommand";
import { judgeTask } from "./judgeTask";
import { judgeWarm } from "./judgeWarm";
import { sweepWarmFiles } from "./sweepWarmFiles";
import { keep, type Verdict } from "./Verdict";

export interface ReconcileOptions {
  readonly engine: ContainerEngine;
  /** Undefined is all of Slipway's containers on the engine. */
  readonly workspace?: Workspace | undefined;
  readonly cacheFolder: string;
  /** Tells what would be done. */
  readonly dryRun?: boolean | undefined;
  /** Also stopped warm ones that nobody uses. */
  readonly all?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Reconciled {
  readonly id: string;
  readonly name: string;
  /** Of the workspace, as its label says. */
  readonly folder: string | undefined;
}

export type ReconcileOutcome = Reconciled &
  (
    | { readonly kind: "removed"; /** For people, as all that follows. */ readonly why: string }
    /** What a dead process had left running in a warm container has ended; the container stays. */
    | { readonly kind: "stopped"; readonly why: string }
    | { readonly kind: "kept"; readonly why: string }
    /** It says which command does it by hand. */
    | { readonly kind: "failed"; readonly message: string }
  );

/** They may still have something to say before they are killed. */
const STOP_GRACE_SECONDS = 1;

/**
 * Removes what dead processes have left on an engine and was not meant to stay, and ends what runs for them in containers
 * that stay. What living processes use, what was made on other machines, and what is not known is left alone.
 *
 * Yields one outcome for each of Slipway's containers; that one was removed is told when the engine does not list it any
 * more. Rejects where containers cannot be listed.
 */
export async function* reconcileContainers(options: ReconcileOptions): AsyncGenerator<ReconcileOutcome> {
  const { engine, workspace, cacheFolder, dryRun = false, signal } = options;
  const containers = await list(options);
  const removed: { readonly container: ContainerSummary; readonly why: string }[] = [];
  for (const container of containers) {
    signal?.throwIfAborted();
    const outcome = await settle(container, containers, options);
    if (outcome.kind === "removed") {
      removed.push({ container, why: outcome.why });
    } else {
      yield outcome;
    }
  }
  const left = dryRun || removed.length === 0 ? [] : await list(options);
  for (const { container, why } of removed) {
    const isLeft = left.some(({ id, state }) => id === container.id && state !== "removing");
    yield isLeft
      ? await failure(engine, container, "the engine still has it")
      : { ...told(container), kind: "removed", why };
  }
  if (!dryRun) {
    const gone = new Set(removed.map(({ container }) => container.id));
    const present = containers.filter(({ id }) => !gone.has(id) || left.some((each) => each.id === id));
    await sweepWarmFiles({ engine, cacheFolder, workspace, containers: present });
  }
}

/** One made of an image that was committed from one of ours inherits its labels, but not its name. */
async function list({ engine, workspace, signal }: ReconcileOptions): Promise<readonly ContainerSummary[]> {
  const labels = workspace === undefined ? CONTAINER_LABELS : containerLabels(workspace);
  const containers = await engine.listContainers({ labels, signal });
  return containers.filter((container) => container.labels[LABEL.name] === container.name);
}

async function settle(
  container: ContainerSummary,
  all: readonly ContainerSummary[],
  options: ReconcileOptions,
): Promise<ReconcileOutcome> {
  const { engine, cacheFolder, dryRun, signal } = options;
  try {
    const { kind, why } = await judge(container, all, options);
    if (kind === "keep") {
      return { ...told(container), kind: "kept", why };
    }
    const done = kind === "remove" ? "removed" : "stopped";
    if (dryRun === true) {
      return { ...told(container), kind: done, why };
    }
    const act = async (): Promise<void> => {
      await (kind === "remove"
        ? engine.removeContainer(container.id)
        : engine.stopContainer(container.id, { graceSeconds: STOP_GRACE_SECONDS }));
    };
    if (container.labels[LABEL.kind] !== "warm") {
      await act();
      return { ...told(container), kind: done, why };
    }
    const marks = new ContainerMarks(cacheFolder, container.name);
    if (!(await exclusively({ marks }, act))) {
      return { ...told(container), kind: "kept", why: "it is in use" };
    }
    if (kind === "stop") {
      const dead = (await marks.read()).filter(isOfTheGone);
      await Promise.all(dead.map(async (mark) => marks.drop(mark)));
    }
    return { ...told(container), kind: done, why };
  } catch (error) {
    signal?.throwIfAborted();
    return failure(engine, container, messageOf(error));
  }
}

async function judge(
  container: ContainerSummary,
  all: readonly ContainerSummary[],
  { engine, cacheFolder, signal, ...options }: ReconcileOptions,
): Promise<Verdict> {
  const { name, labels, created } = container;
  const workspaceId = labels[LABEL.workspace] ?? "";
  switch (labels[LABEL.kind]) {
    case "task":
      return judgeTask(engine, container, { signal });
    case "warm":
      return judgeWarm(container, {
        marks: await new ContainerMarks(cacheFolder, name).read(),
        current: (await new CurrentContainerFile(cacheFolder, engine, workspaceId).read())?.name,
        hasNewer: all.some(
          (each) =>
            each.labels[LABEL.kind] === "warm" &&
            each.labels[LABEL.workspace] === workspaceId &&
            each.created > created,
        ),
        hasFolder: existsSync(labels[LABEL.folder] ?? ""),
        all: options.all === true,
      });
    case "container":
      return keep("it stays until it is removed");
    default:
      return keep("its labels are none that this version of Slipway knows");
  }
}

async function failure(
  engine: ContainerEngine,
  container: ContainerSummary,
  reason: string,
): Promise<ReconcileOutcome> {
  const { name } = container;
  const message = `The container ${name} could not be removed (${reason}). ${await removalCommand(engine, name)}`;
  return { ...told(container), kind: "failed", message };
}

function told({ id, name, labels }: ContainerSummary): Reconciled {
  return { id, name, folder: labels[LABEL.folder] };
}
