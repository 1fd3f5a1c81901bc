import { z } from "zod";
import type { ContainerState, ContainerSummary, PortBinding } from "../../core/ports/ContainerTypes";
import { normalizeImageId } from "./imageDetails";

const STATES: Readonly<Record<string, ContainerState>> = {
  created: "created",
  running: "running",
  paused: "paused",
  restarting: "restarting",
  removing: "removing",
  exited: "exited",
  dead: "dead",
  // Podman's own words.
  configured: "created",
  initialized: "created",
  stopping: "running",
  stopped: "exited",
};

/** An engine's word for a container's state; one that is not known counts as "dead", which nobody waits for. */
export function toContainerState(word: string): ContainerState {
  const state = word.toLowerCase();
  return Object.hasOwn(STATES, state) ? (STATES[state] ?? "dead") : "dead";
}

const shape = z.object({
  Id: z.string(),
  Names: z.array(z.string()).nullish(),
  Image: z.string(),
  ImageID: z.string().nullish(),
  State: z.string(),
  Status: z.string().nullish(),
  Created: z.number(),
  Labels: z.record(z.string(), z.string()).nullish(),
  Ports: z
    .array(
      z.object({
        IP: z.string().nullish(),
        PrivatePort: z.number(),
        PublicPort: z.number().nullish(),
        Type: z.string(),
      }),
    )
    .nullish(),
});

/** An entry of GET /containers/json. */
export function parseContainerSummary(value: unknown): ContainerSummary {
  const { Id, Names, Image, ImageID, State, Status, Created, Labels, Ports } = shape.parse(value);
  const ports = (Ports ?? []).flatMap(({ IP, PrivatePort, PublicPort, Type }): PortBinding[] =>
    PublicPort ? [{ containerPort: PrivatePort, protocol: Type, hostIp: IP ?? "", hostPort: PublicPort }] : [],
  );
  return {
    id: Id,
    name: Names?.[0]?.replace(/^\//, "") ?? Id.slice(0, 12),
    image: Image,
    imageId: ImageID ? normalizeImageId(ImageID) : undefined,
    state: toContainerState(State),
    status: Status ?? State,
    labels: Labels ?? {},
    ports,
    created: Created,
  };
}
