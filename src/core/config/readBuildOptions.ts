import type { BuildSection } from "./buildSection";
import { parseSshSource } from "./parseSshSource";
import { readCacheReference } from "./readCacheReference";
import { type PathsOptions, resolveUserPath } from "./resolveUserPath";
import { said } from "./said";
import { texts } from "./texts";
import type { BuildConfiguration, BuildSecretSource, BuildSshSource } from "./WorkspaceConfiguration";

/** All that says how to build, but not what: each of them only where it was said. */
export type BuildOptions = Readonly<Partial<Omit<BuildConfiguration, "dockerfile" | "context">>>;

/** What a valid "build" of slipway.json says, or the command line. */
export function readBuildOptions(section: BuildSection, paths: PathsOptions): BuildOptions {
  const { target, platform, args, labels, tag, pull, noCache, network, extraHosts } = section;
  const references = (texts: readonly string[], direction: "from" | "to"): readonly string[] =>
    texts.flatMap((text) => readCacheReference(text, direction) ?? []);
  return said({
    target,
    platform,
    args: args && texts(args),
    labels: labels && texts(labels),
    tag,
    pull,
    noCache,
    network,
    extraHosts,
    secrets: section.secrets?.map((secret) => secretSource(secret, paths)),
    ssh: section.ssh?.flatMap((text) => sshSource(text, paths)),
    cacheFrom: section.cacheFrom && references(section.cacheFrom, "from"),
    cacheTo: section.cacheTo && references(section.cacheTo, "to"),
  });
}

function secretSource(
  { id, env, file }: NonNullable<BuildSection["secrets"]>[number],
  paths: PathsOptions,
): BuildSecretSource {
  return env === undefined
    ? { id, kind: "file", path: resolveUserPath(file ?? "", paths) }
    : { id, kind: "env", variable: env };
}

function sshSource(text: string, paths: PathsOptions): readonly BuildSshSource[] {
  const source = parseSshSource(text);
  return source === undefined
    ? []
    : [{ id: source.id, paths: source.paths.map((path) => resolveUserPath(path, paths)) }];
}
