import { createHash } from "node:crypto";
import { posix } from "node:path";
import { z } from "zod";
import type { EndpointEnvironment } from "./EndpointEnvironment";

/** An address at which an engine may listen, as written where it was found. */
export interface EndpointCandidate {
  readonly address: string;
  readonly source: string;
}

/**
 * Where to look for an engine, best first. What somebody has chosen (`explicit`, the environment, a docker context
 * other than the default one) is the only place to look: another engine than the chosen one would be a surprise.
 */
export function listCandidates(
  environment: EndpointEnvironment,
  explicit?: { readonly address: string; readonly source: string },
): readonly EndpointCandidate[] {
  if (explicit !== undefined) {
    return [explicit];
  }
  const chosen = [fromVariables(environment), fromDockerContext(environment)].find(({ length }) => length > 0);
  return chosen ?? defaultSockets(environment);
}

function fromVariables({ env }: EndpointEnvironment): readonly EndpointCandidate[] {
  return ["DOCKER_HOST", "CONTAINER_HOST"].flatMap((name) => {
    const address = variable(env, name)?.trim();
    return address === undefined ? [] : [{ address, source: name }];
  });
}

/** An empty variable counts as none, as for docker's own client. */
function variable(env: EndpointEnvironment["env"], name: string): string | undefined {
  const value = env[name];
  return value === undefined || value.trim() === "" ? undefined : value;
}

const configShape = z.object({ currentContext: z.string().optional() });
const contextShape = z.object({ Endpoints: z.object({ docker: z.object({ Host: z.string() }) }) });

/** The context that `docker context use` chose: contexts/meta/<SHA-256 of its name>/meta.json in Docker's folder. */
function fromDockerContext({ env, homeFolder, readFile }: EndpointEnvironment): readonly EndpointCandidate[] {
  const folder = variable(env, "DOCKER_CONFIG") ?? posix.join(homeFolder, ".docker");
  const config = parse(configShape, readFile(posix.join(folder, "config.json")));
  const name = variable(env, "DOCKER_CONTEXT") ?? config?.currentContext;
  if (name === undefined || name === "" || name === "default") {
    return [];
  }
  const id = createHash("sha256").update(name).digest("hex");
  const context = parse(contextShape, readFile(posix.join(folder, "contexts", "meta", id, "meta.json")));
  return context === undefined
    ? []
    : [{ address: context.Endpoints.docker.Host, source: `the docker context "${name}"` }];
}

function parse<T>(shape: z.ZodType<T>, text: string | undefined): T | undefined {
  try {
    return text === undefined ? undefined : shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function defaultSockets({ platform, env, homeFolder, userId }: EndpointEnvironment): readonly EndpointCandidate[] {
  if (platform === "win32") {
    return [
      { address: "npipe:////./pipe/docker_engine", source: "Docker's default pipe" },
      { address: "npipe:////./pipe/podman-machine-default", source: "Podman's default pipe" },
    ];
  }
  const runtime =
    variable(env, "XDG_RUNTIME_DIR") ?? (userId === undefined ? undefined : `/run/user/${String(userId)}`);
  const home = (path: string): string => posix.join(homeFolder, path);
  const sockets: readonly (readonly [string, string])[] = [
    ["/var/run/docker.sock", "Docker's default socket"],
    ...(runtime === undefined ? [] : [[`${runtime}/docker.sock`, "rootless Docker's default socket"] as const]),
    [home(".docker/run/docker.sock"), "Docker Desktop"],
    [home(".docker/desktop/docker.sock"), "Docker Desktop"],
    [home(".colima/default/docker.sock"), "Colima"],
    [home(".orbstack/run/docker.sock"), "OrbStack"],
    [home(".rd/docker.sock"), "Rancher Desktop"],
    ...(runtime === undefined ? [] : [[`${runtime}/podman/podman.sock`, "rootless Podman's default socket"] as const]),
    ["/run/podman/podman.sock", "Podman's default socket"],
    [home(".local/share/containers/podman/machine/podman.sock"), "podman machine"],
  ];
  return sockets.map(([path, source]) => ({ address: `unix://${path}`, source }));
}
