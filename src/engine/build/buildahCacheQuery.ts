import { BuildOptionError } from "../../core/errors/imageErrors";
import { compareVersions } from "../compareVersions";
import type { Query } from "../EngineConnection";
import type { BuildOverApiOptions } from "./BuildOverApiOptions";
import { cacheReferences, registryReference, withoutTag } from "./cacheReferences";
import { BUILDER_NAMES } from "./chooseBuilder";

/** The first Podman that takes several of each (buildah 1.29). */
const TAKES_LISTS = "4.4";

/**
 * Where Podman looks for layers and puts them: repositories, in which it gives each layer a tag of its own. So a tag or a
 * digest is taken away. Throws BuildOptionError for what is no repository.
 *
 * @param onWarning told of what this version of Podman has no place for
 */
export function buildahCacheQuery(
  { cacheFrom, cacheTo = [], version }: Pick<BuildOverApiOptions, "cacheFrom" | "cacheTo" | "version">,
  onWarning: (message: string) => void,
): { readonly query: Query; readonly repositories: readonly string[] } {
  const from = unique(cacheReferences(cacheFrom, "buildah").map(withoutTag));
  const to = unique(cacheTo.map(repositoryOf));
  const takesLists = compareVersions(version, TAKES_LISTS) >= 0;
  const parameter = (name: string, repositories: readonly string[]): string | undefined => {
    const [first, second] = repositories;
    if (first === undefined || takesLists) {
      return first === undefined ? undefined : JSON.stringify(repositories);
    }
    if (second !== undefined) {
      onWarning(`Podman ${version} takes only one repository for ${name}: of these, only ${first} is used.`);
    }
    return first;
  };
  return {
    query: { cachefrom: parameter("build.cacheFrom", from), cacheto: parameter("build.cacheTo", to) },
    repositories: unique([...from, ...to]),
  };
}

function repositoryOf(entry: string): string {
  const reference = entry === "inline" ? undefined : registryReference(entry);
  if (reference === undefined) {
    throw new BuildOptionError(
      "build.cacheTo",
      BUILDER_NAMES.buildah,
      `It keeps a cache for others in a repository of a registry, not in ${JSON.stringify(entry)}. Name one, such as ` +
        '"registry.example.com/team/app-cache", or leave the option out.',
    );
  }
  return withoutTag(reference);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
