import { posix } from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";
import { variable, type EndpointEnvironment } from "./EndpointEnvironment";
import type { PodmanConnection, PodmanConnections } from "./PodmanConnection";
import { podmanFolder } from "./podmanFolder";

const connectionShape = z.object({
  uri: z.string().min(1),
  identity: z.string().optional(),
  is_machine: z.boolean().optional(),
});
const fileShape = z.object({
  engine: z.object({
    active_service: z.string().optional().catch(undefined),
    service_destinations: z.record(z.string(), z.unknown()).optional().catch(undefined),
  }),
});

/** The connections of containers.conf, where Podman 4 has them; what is in a later file counts. */
export function readContainersConf(environment: EndpointEnvironment): PodmanConnections {
  const byName = new Map<string, PodmanConnection>();
  let defaultName: string | undefined;
  for (const path of filesOf(environment)) {
    const engine = read(environment, path);
    defaultName = engine?.active_service ?? defaultName;
    for (const [name, value] of Object.entries(engine?.service_destinations ?? {})) {
      const { data } = connectionShape.safeParse(value);
      if (data !== undefined) {
        const { uri, identity, is_machine: isMachine = false } = data;
        byName.set(name, { name, uri, identityFile: identity || undefined, isMachine });
      }
    }
  }
  return { connections: [...byName.values()], defaultName: defaultName || undefined };
}

/** In the order in which Podman reads them; CONTAINERS_CONF is for all others, and CONTAINERS_CONF_OVERRIDE the last. */
function filesOf(environment: EndpointEnvironment): readonly string[] {
  const only = variable(environment, "CONTAINERS_CONF");
  const last = variable(environment, "CONTAINERS_CONF_OVERRIDE");
  const withAdded = (folder: string): readonly string[] => {
    const path = posix.join(folder, "containers.conf");
    const added = environment.listFolder(`${path}.d`).filter((name) => name.endsWith(".conf"));
    return [path, ...added.map((name) => posix.join(`${path}.d`, name))];
  };
  const folders = ["/usr/share/containers", "/etc/containers", podmanFolder(environment)];
  return [...(only === undefined ? folders.flatMap(withAdded) : [only]), ...(last === undefined ? [] : [last])];
}

/** Undefined, too, for a file that is damaged: Podman's own complaint about it is nothing that Slipway has to repeat. */
function read({ readFile }: EndpointEnvironment, path: string): z.infer<typeof fileShape>["engine"] | undefined {
  const text = readFile(path);
  try {
    return text === undefined ? undefined : fileShape.safeParse(parse(text)).data?.engine;
  } catch {
    return undefined;
  }
}
