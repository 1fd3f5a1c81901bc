import { imageRegistry } from "./credentials/imageRegistry";
import { splitTag } from "./splitTag";

/**
 * An image's name with its registry, and with its digest or a tag: without these, engines would take every tag of the
 * repository. Podman looks up a short name in registries of its own choice, which a login for another one must not go to.
 */
export function fullReference(reference: string): string {
  const { registry, repository } = imageRegistry(reference);
  const at = reference.indexOf("@");
  return `${registry}/${repository}${at < 0 ? `:${splitTag(reference).tag ?? "latest"}` : reference.slice(at)}`;
}
