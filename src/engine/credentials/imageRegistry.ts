import { splitTag } from "../splitTag";
import type { RegistryRepository } from "./RegistryCredentials";

/** What Docker Hub is called in the name of an image. */
export const DOCKER_HUB = "docker.io";

/**
 * The registry and the repository that the name of an image stands for. As for docker, the first part is a registry
 * when it has a dot, a colon or a capital letter, or is "localhost" (splitDockerDomain of distribution/reference).
 */
export function imageRegistry(reference: string): RegistryRepository & { readonly repository: string } {
  const withoutDigest = reference.replace(/@.*$/s, "");
  const slash = withoutDigest.indexOf("/");
  const first = withoutDigest.slice(0, Math.max(slash, 0));
  const named = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  const registry = named ? first : DOCKER_HUB;
  const path = splitTag(named ? withoutDigest.slice(slash + 1) : withoutDigest).name;
  if (registry !== DOCKER_HUB && registry !== "index.docker.io") {
    return { registry, repository: path };
  }
  return { registry: DOCKER_HUB, repository: path.includes("/") ? path : `library/${path}` };
}
