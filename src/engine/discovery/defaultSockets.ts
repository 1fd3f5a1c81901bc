import { posix } from "node:path";
import { candidateOf, type EndpointCandidate } from "./EndpointCandidate";
import { variable, type EndpointEnvironment } from "./EndpointEnvironment";

/** Where Docker listens unless somebody has said otherwise. */
export function dockerSocket({ platform }: Pick<EndpointEnvironment, "platform">): string {
  return platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock";
}

type Place = readonly [address: string, source: string];

/** Where Docker, Podman and the products around them listen on this kind of machine, best first. */
export function defaultSockets(environment: EndpointEnvironment): readonly EndpointCandidate[] {
  return placesOf(environment).map(([text, source]) => ({
    ...candidateOf({ text, source }, {}),
    isDefault: true,
  }));
}

function placesOf(environment: EndpointEnvironment): readonly Place[] {
  switch (environment.platform) {
    case "win32":
      return windowsPipes(environment);
    case "darwin":
      return macSockets(environment);
    default:
      return linuxSockets(environment);
  }
}

function windowsPipes(environment: EndpointEnvironment): readonly Place[] {
  const machines = environment
    .listFolder("//./pipe/")
    .filter((name) => name.startsWith("podman-") && name !== "podman-machine-default");
  return [
    [dockerSocket(environment), "Docker's default pipe"],
    ["npipe:////./pipe/dockerDesktopLinuxEngine", "Docker Desktop"],
    ["npipe:////./pipe/podman-machine-default", "podman machine"],
    ...machines.map((name): Place => [`npipe:////./pipe/${name}`, "podman machine"]),
  ];
}

function macSockets(environment: EndpointEnvironment): readonly Place[] {
  const home = inHome(environment);
  return [
    [dockerSocket(environment), "Docker's default socket"],
    socket(home(".docker/run/docker.sock"), "Docker Desktop"),
    socket(home(".orbstack/run/docker.sock"), "OrbStack"),
    socket(colima(environment), "Colima"),
    socket(home(".rd/docker.sock"), "Rancher Desktop"),
    ...machines(environment, variable(environment, "TMPDIR") ?? environment.temporaryFolder),
  ];
}

function linuxSockets(environment: EndpointEnvironment): readonly Place[] {
  const home = inHome(environment);
  const { userId } = environment;
  const runtime =
    variable(environment, "XDG_RUNTIME_DIR") ?? (userId === undefined ? undefined : `/run/user/${String(userId)}`);
  const inRuntime = (path: string, source: string): readonly Place[] =>
    runtime === undefined ? [] : [socket(posix.join(runtime, path), source)];
  return [
    [dockerSocket(environment), "Docker's default socket"],
    ...inRuntime("docker.sock", "rootless Docker's default socket"),
    socket(home(".docker/run/docker.sock"), "rootless Docker"),
    socket(home(".docker/desktop/docker.sock"), "Docker Desktop"),
    socket(colima(environment), "Colima"),
    socket(home(".rd/docker.sock"), "Rancher Desktop"),
    ...inRuntime("podman/podman.sock", "rootless Podman's default socket"),
    socket("/run/podman/podman.sock", "Podman's default socket"),
    ...machines(environment, runtime ?? environment.temporaryFolder),
  ];
}

/** Podman's machines: each has a socket in the session's folder, and had one in the home folder before Podman 5. */
function machines(environment: EndpointEnvironment, sessionFolder: string): readonly Place[] {
  const folder = posix.join(sessionFolder, "podman");
  const byDefault = "podman-machine-default-api.sock";
  const others = environment.listFolder(folder).filter((name) => name.endsWith("-api.sock") && name !== byDefault);
  const before = inHome(environment)(".local/share/containers/podman/machine");
  return [
    ...[byDefault, ...others].map((name) => posix.join(folder, name)),
    posix.join(before, "podman.sock"),
    posix.join(before, "podman-machine-default/podman.sock"),
    posix.join(before, "qemu/podman.sock"),
  ].map((path) => socket(path, "podman machine"));
}

/** Colima is in COLIMA_HOME, else in ~/.colima where that is, else among the configurations of the user. */
function colima(environment: EndpointEnvironment): string {
  const home = inHome(environment)(".colima");
  const configuration = variable(environment, "XDG_CONFIG_HOME");
  const isElsewhere = configuration !== undefined && environment.listFolder(home).length === 0;
  const folder = variable(environment, "COLIMA_HOME") ?? (isElsewhere ? posix.join(configuration, "colima") : home);
  return posix.join(folder, "default/docker.sock");
}

function inHome({ homeFolder }: EndpointEnvironment): (path: string) => string {
  return (path) => posix.join(homeFolder, path);
}

function socket(path: string, source: string): Place {
  return [`unix://${path}`, source];
}
