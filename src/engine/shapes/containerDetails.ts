import { z } from "zod";
import type { ContainerDetails, PortBinding } from "../../core/ports/ContainerTypes";
import { toContainerState } from "./containerSummary";
import { normalizeImageId } from "./imageDetails";

const shape = z.object({
  Id: z.string(),
  Name: z.string(),
  Image: z.string(),
  State: z.object({
    Status: z.string(),
    Running: z.boolean(),
    ExitCode: z.number(),
    OOMKilled: z.boolean().nullish(),
    FinishedAt: z.string().nullish(),
  }),
  Config: z.object({
    Labels: z.record(z.string(), z.string()).nullish(),
    Tty: z.boolean().nullish(),
    Env: z.array(z.string()).nullish(),
    User: z.string().nullish(),
    WorkingDir: z.string().nullish(),
  }),
  NetworkSettings: z
    .object({
      Ports: z
        .record(z.string(), z.array(z.object({ HostIp: z.string().nullish(), HostPort: z.string() })).nullish())
        .nullish(),
    })
    .nullish(),
});

/** GET /containers/{id}/json. */
export function parseContainerDetails(value: unknown): ContainerDetails {
  const { Id, Name, Image, State, Config, NetworkSettings } = shape.parse(value);
  const ports = Object.entries(NetworkSettings?.Ports ?? {}).flatMap(([port, bindings]): PortBinding[] => {
    const [number = "", protocol = "tcp"] = port.split("/");
    return (bindings ?? []).map(({ HostIp, HostPort }) => ({
      containerPort: Number(number),
      protocol,
      hostIp: HostIp ?? "",
      hostPort: Number(HostPort),
    }));
  });
  return {
    id: Id,
    name: Name.replace(/^\//, ""),
    state: toContainerState(State.Status),
    running: State.Running,
    exitCode: State.ExitCode,
    outOfMemory: State.OOMKilled ?? false,
    // Go's zero time stands for never.
    hasEnded: !/^0001-01-01/.test(State.FinishedAt ?? "0001-01-01"),
    labels: Config.Labels ?? {},
    ports,
    imageId: normalizeImageId(Image),
    tty: Config.Tty ?? false,
    env: Config.Env ?? [],
    user: Config.User ?? "",
    workingDirectory: Config.WorkingDir ?? "",
  };
}
