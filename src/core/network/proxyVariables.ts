import type { DockerProxies } from "./readDockerProxies";

const NAMES = {
  HTTP_PROXY: "httpProxy",
  HTTPS_PROXY: "httpsProxy",
  NO_PROXY: "noProxy",
  FTP_PROXY: "ftpProxy",
  ALL_PROXY: "allProxy",
} as const;

type Variables = Readonly<Record<string, string>>;

/**
 * What Docker's config.json sets for an engine, each in upper and lower case. An engine's own section stands for the
 * default one, it does not add to it (ParseProxyConfig of docker/cli).
 *
 * @param engine its address as DOCKER_HOST has it: "unix:///var/run/docker.sock".
 */
export function proxiesFor(proxies: DockerProxies, engine: string): Variables {
  const section = proxies[engine] ?? proxies["default"] ?? {};
  return variables((name) => section[NAMES[name]]);
}

/** The variables of a process. Both cases of a name get one value, that of the upper one where they differ. */
export function ownProxies(env: Readonly<Record<string, string | undefined>>): Variables {
  return variables((name) => filled(env[name]) ?? env[name.toLowerCase()]);
}

/**
 * The arguments of a build: the user's own, and the proxies that they say nothing of. BuildKit makes no difference
 * between HTTP_PROXY and http_proxy, and of two values takes any.
 */
export function withProxies(args: Variables, proxies: Variables): Variables {
  const own = new Set(Object.keys(args).map((name) => name.toLowerCase()));
  const others = Object.entries(proxies).filter(([name]) => !own.has(name.toLowerCase()));
  return { ...Object.fromEntries(others), ...args };
}

function variables(valueOf: (name: keyof typeof NAMES) => string | undefined): Variables {
  return Object.fromEntries(
    Object.keys(NAMES).flatMap((name) => {
      const value = filled(valueOf(name as keyof typeof NAMES));
      return value === undefined
        ? []
        : [
            [name, value],
            [name.toLowerCase(), value],
          ];
    }),
  );
}

function filled(value: string | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : value;
}
