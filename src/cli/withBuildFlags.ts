import { readBuildOptions } from "../core/config/readBuildOptions";
import type { PathsOptions } from "../core/config/resolveUserPath";
import type { BuildConfiguration, WorkspaceConfiguration } from "../core/config/WorkspaceConfiguration";
import { namesOf, type BuildFlags } from "./buildFlags";
import { UsageError } from "./UsageError";

/**
 * The configuration with what the command line says laid over it: single values and the lists of cached images take the
 * place of slipway.json's; arguments, labels, hosts, secrets and keys come besides, or instead of the one of the same
 * name.
 *
 * Throws UsageError where nothing is built. --pull counts there, too: it is up to whoever pulls the image.
 */
export function withBuildFlags(
  configuration: WorkspaceConfiguration,
  flags: BuildFlags,
  paths: PathsOptions,
): WorkspaceConfiguration {
  const { image, source } = configuration;
  const names = namesOf(flags).filter((name) => name !== "--pull");
  if (image.kind === "image") {
    if (names.length > 0) {
      const where = source === undefined ? "there is no Dockerfile here" : `that is what ${source} says`;
      throw new UsageError(
        `${names.join(", ")}: no image is built here, ${image.reference} is used as it is (${where}). Leave the ` +
          `option${names.length > 1 ? "s" : ""} out, or name a Dockerfile with --file.`,
      );
    }
    return configuration;
  }
  const { build } = image;
  const said = readBuildOptions(flags, paths);
  const merged: BuildConfiguration = {
    ...build,
    ...said,
    args: { ...build.args, ...said.args },
    ...(said.labels && { labels: { ...build.labels, ...said.labels } }),
    ...(said.extraHosts && { extraHosts: { ...build.extraHosts, ...said.extraHosts } }),
    ...(said.secrets && { secrets: byId(build.secrets, said.secrets) }),
    ...(said.ssh && { ssh: byId(build.ssh, said.ssh) }),
  };
  return { ...configuration, image: { kind: "build", build: merged } };
}

function byId<T extends { readonly id: string }>(
  configured: readonly T[] | undefined,
  said: readonly T[],
): readonly T[] {
  return [...new Map([...(configured ?? []), ...said].map((source) => [source.id, source])).values()];
}
