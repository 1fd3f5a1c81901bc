import { LABEL } from "../../labels";
import { isOwn, ownerState, parseOwner } from "../../owner";
import type { CallOptions, ContainerEngine } from "../../ports/ContainerEngine";
import type { ContainerSummary } from "../../ports/ContainerTypes";
import { isInUse } from "../../task/containersInUse";
import { keep, remove, type Verdict } from "./Verdict";

/** Of a container that was made for one command. */
export async function judgeTask(
  engine: ContainerEngine,
  { id, name, labels, state }: ContainerSummary,
  options: CallOptions,
): Promise<Verdict> {
  const owner = parseOwner(labels[LABEL.owner] ?? "");
  const free = owner !== undefined && (isOwn(owner) ? !isInUse(name) : ownerState(owner) === "dead");
  if (!free) {
    return keep("whoever made it may still use it");
  }
  switch (state) {
    case "removing":
      return keep("it is being removed");
    case "created":
      return remove("it was never started");
    case "exited":
    case "dead":
      return labels[LABEL.keep] === "true"
        ? keep("it was kept to be looked at")
        : remove("it has ended, and nobody waits for it any more");
    case "running":
    case "paused":
    case "restarting":
      // One that has ended before was started again by hand.
      return (await engine.inspectContainer(id, options))?.hasEnded === true
        ? keep("it was started again")
        : remove("whoever ran it has died");
  }
}
