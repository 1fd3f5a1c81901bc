import { LABEL } from "../../labels";
import { isOwn, ownerState, parseOwner, type Owner } from "../../owner";
import type { ContainerSummary } from "../../ports/ContainerTypes";
import { isOfTheGone, type Mark, type MarkKind } from "../warm/ContainerMarks";
import { keep, remove, type Verdict } from "./Verdict";

export interface WarmSurroundings {
  readonly marks: readonly Mark[];
  /** Name of the one that its workspace uses now; undefined where that is not known. */
  readonly current: string | undefined;
  /** Whether the engine has a newer one of the workspace. */
  readonly hasNewer: boolean;
  /** Whether the workspace's folder is still there. */
  readonly hasFolder: boolean;
  /** Stopped ones go, too. */
  readonly all: boolean;
}

/** Of a container that waits for a workspace's tasks. */
export function judgeWarm(container: ContainerSummary, surroundings: WarmSurroundings): Verdict {
  const { id, labels, state } = container;
  const { marks, all } = surroundings;
  const owner = parseOwner(labels[LABEL.owner] ?? "");
  if (owner === undefined) {
    return keep("its labels are none that this version of Slipway knows");
  }
  const isDead = ownerState(owner) === "dead";
  if (!isDead && ownerState(owner) === "unknown") {
    return keep("it was made on another machine");
  }
  const has = (kind: MarkKind): boolean => marks.some((mark) => mark.kind === kind && mark.id === id);
  const user = marks.find(({ kind, alive }) => alive && (kind === "lease" || kind === "intent" || kind === "claim"));
  if (user !== undefined) {
    return keep(user.kind === "lease" ? "it is in use" : "another Slipway is at work on it");
  }
  const stopped = state === "exited" || state === "dead";
  if (state === "removing") {
    return keep("it is being removed");
  }
  if (state === "created") {
    return isDead || isOwn(owner) ? remove("it was never started") : keep("another Slipway is at work on it");
  }
  if (has("kept") && !(all && stopped)) {
    return keep(`${keptFor(marks, id)} failed in it`);
  }
  if (has("discard")) {
    return remove("it was to go with the end of its run");
  }
  const why = uselessness(container, owner, surroundings);
  if (why !== undefined) {
    return remove(why);
  }
  if (!stopped && marks.some(isOfTheGone)) {
    return { kind: "stop", why: "whoever used it has died, or has lost the engine" };
  }
  if (stopped && all) {
    return remove("nobody uses it");
  }
  return keep(stopped ? "it is started again by the next task" : "it waits for the next task, and ends by itself");
}

/** @returns why it will never be used again; undefined where it may be. */
function uselessness(
  { name, labels, state }: ContainerSummary,
  owner: Owner,
  { current, hasNewer, hasFolder }: WarmSurroundings,
): string | undefined {
  const isDead = ownerState(owner) === "dead";
  const stopped = state === "exited" || state === "dead";
  if (current !== undefined && current !== name) {
    return "its image or its options are not those of the workspace any more";
  }
  if (isDead && labels[LABEL.keep] === "false") {
    return "whoever ran it has died";
  }
  // Whose leases this process cannot see may be using it.
  if (isDead && stopped && current === undefined && hasNewer) {
    return "the workspace has a newer one";
  }
  return isDead && stopped && !hasFolder ? "the folder of its workspace is gone" : undefined;
}

function keptFor(marks: readonly Mark[], id: string): string {
  const task = marks.find((mark) => mark.kind === "kept" && mark.id === id)?.task;
  return task === undefined ? "a run" : `the task ${task}`;
}
