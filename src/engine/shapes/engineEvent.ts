import { z } from "zod";
import type { ContainerEvent, EngineEvent } from "../../core/ports/ContainerTypes";

const shape = z.object({
  Type: z.string(),
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).nullish() }),
});

type ImageAction = Extract<EngineEvent, { kind: "image" }>["action"];

const CONTAINER_ACTIONS: Readonly<Record<string, ContainerEvent["action"]>> = {
  create: "create",
  start: "start",
  die: "die",
  destroy: "destroy",
  restart: "other",
  pause: "other",
  unpause: "other",
  rename: "other",
  // Podman's own words. (It writes "die" on the Docker API's socket, where its own log has "died".)
  died: "die",
  remove: "destroy",
};

const IMAGE_ACTIONS: Readonly<Record<string, ImageAction>> = {
  pull: "added",
  load: "added",
  import: "added",
  tag: "tagged",
  untag: "untagged",
  delete: "removed",
  // BuildKit's images, on Docker with containerd's image store.
  create: "added",
  // Podman's own words.
  loadfromarchive: "added",
  build: "added",
  remove: "removed",
};

/** What to ask GET /events for, in both engines' words: an engine passes over the words that are not its own. */
export const EVENT_FILTERS = {
  type: ["container", "image"],
  event: [...new Set([...Object.keys(CONTAINER_ACTIONS), ...Object.keys(IMAGE_ACTIONS)])],
};

/** A line of GET /events. @returns undefined for one of another shape, or that tells of something else. */
export function parseEngineEvent(value: unknown): EngineEvent | undefined {
  const parsed = shape.safeParse(value);
  if (!parsed.success) {
    return undefined;
  }
  const { Type, Action, Actor } = parsed.data;
  switch (Type) {
    case "container":
      return {
        kind: "container",
        id: Actor.ID,
        action: wordOf(CONTAINER_ACTIONS, Action) ?? "other",
        labels: Actor.Attributes ?? {},
      };
    case "image": {
      const action = wordOf(IMAGE_ACTIONS, Action);
      return action === undefined ? undefined : { kind: "image", action, reference: referenceOf(Actor) };
    }
    default:
      return undefined;
  }
}

function wordOf<T>(words: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(words, word) ? words[word] : undefined;
}

/** Docker gives an ID for the name of what was untagged; Podman the path of the archive that was loaded. */
function referenceOf({ ID, Attributes }: z.infer<typeof shape>["Actor"]): string {
  const name = Attributes?.["name"] ?? "";
  return name === "" || name.startsWith("/") ? ID : name;
}
