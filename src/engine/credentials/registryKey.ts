import { DOCKER_HUB } from "./imageRegistry";

/** What an entry of a file with logins is for. */
export interface RegistryKey {
  /** With its port, in lower case; all that Docker Hub is called is "docker.io". */
  readonly host: string;
  /** The beginning of the repositories that it is for: "team", "team/app"; "" for all. */
  readonly path: string;
}

const HUB_HOSTS = new Set([DOCKER_HUB, "index.docker.io", "registry-1.docker.io"]);

/**
 * Reads a key of "auths" or "credHelpers": "registry.example.com:5000", Docker's "https://index.docker.io/v1/", Podman's
 * "registry.example.com/team". What follows the host of a URL is no part of a name (ConvertToHostname of docker/cli,
 * normalizeAuthFileKey of containers/image). Docker Desktop keeps tokens of another kind beside the login for Docker Hub
 * ("…/v1/access-token"), which are for nothing that we ask for.
 *
 * @returns undefined for a key that no image's name can lead to.
 */
export function registryKey(key: string): RegistryKey | undefined {
  const withoutScheme = key.trim().replace(/^https?:\/\//i, "");
  const isUrl = withoutScheme !== key.trim();
  const slash = withoutScheme.indexOf("/");
  const host = canonicalHost(slash < 0 ? withoutScheme : withoutScheme.slice(0, slash));
  const path = slash < 0 ? "" : withoutScheme.slice(slash + 1).replace(/\/+$/, "");
  // A "@" could make a URL mean another host than its beginning says.
  if (host === "" || /[\s@?#\\]/.test(host)) {
    return undefined;
  }
  if (path === "" || path === "v1" || path === "v2") {
    return { host, path: "" };
  }
  if (isUrl) {
    return host === DOCKER_HUB ? undefined : { host, path: "" };
  }
  return { host, path };
}

/** Docker compares hosts as they are written: with and without ":443" are two. Case makes no other host. */
export function canonicalHost(host: string): string {
  const lower = host.toLowerCase();
  return HUB_HOSTS.has(lower) ? DOCKER_HUB : lower;
}

/** Whether a login under this key is for the repository; only whole parts of its name count. */
export function isKeyFor({ host, path }: RegistryKey, registry: string, repository: string | undefined): boolean {
  return host === canonicalHost(registry) && (path === "" || `${repository ?? ""}/`.startsWith(`${path}/`));
}
