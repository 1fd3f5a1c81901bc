import { z } from "zod";
import type { ContainerEvent } from "../../core/ports/ContainerTypes";

const shape = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).nullish() }),
});

const ACTIONS: Readonly<Record<string, ContainerEvent["action"]>> = {
  create: "create",
  start: "start",
  die: "die",
  destroy: "destroy",
  // Podman's own words.
  died: "die",
  remove: "destroy",
};

/** A line of GET /events. @returns undefined for a line of another shape. */
export function parseContainerEvent(value: unknown): ContainerEvent | undefined {
  const parsed = shape.safeParse(value);
  if (!parsed.success) {
    return undefined;
  }
  const { Action, Actor } = parsed.data;
  const action = Object.hasOwn(ACTIONS, Action) ? ACTIONS[Action] : undefined;
  return { id: Actor.ID, action: action ?? "other", labels: Actor.Attributes ?? {} };
}
