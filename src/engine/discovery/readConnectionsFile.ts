import { posix } from "node:path";
import { z } from "zod";
import { variable, type EndpointEnvironment } from "./EndpointEnvironment";
import { parseJson } from "./parseJson";
import type { PodmanConnections } from "./PodmanConnection";
import { podmanFolder } from "./podmanFolder";

const connectionShape = z.object({
  URI: z.string().min(1),
  Identity: z.string().optional(),
  IsMachine: z.boolean().optional(),
});
const fileShape = z.object({
  Connection: z
    .object({
      Default: z.string().optional().catch(undefined),
      Connections: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
});

/** The connections that `podman system connection add` has made since Podman 5. */
export function readConnectionsFile(environment: EndpointEnvironment): PodmanConnections {
  const path =
    variable(environment, "PODMAN_CONNECTIONS_CONF") ??
    posix.join(podmanFolder(environment), "podman-connections.json");
  const { Default, Connections } = parseJson(fileShape, environment.readFile(path))?.Connection ?? {};
  const connections = Object.entries(Connections ?? {}).flatMap(([name, value]) => {
    const { data } = connectionShape.safeParse(value);
    return data === undefined
      ? []
      : [{ name, uri: data.URI, identityFile: data.Identity || undefined, isMachine: data.IsMachine === true }];
  });
  return { connections, defaultName: Default || undefined };
}
