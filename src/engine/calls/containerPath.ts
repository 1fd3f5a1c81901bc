import { ContainerNotFoundError } from "../../core/errors/containerErrors";

/**
 * The path of what is asked of a container. A name that no container can have would turn the request into another one
 * ("/containers//json" is a redirect to elsewhere), so it is never sent. Throws ContainerNotFoundError for one.
 *
 * @param id also a name.
 */
export function containerPath(id: string, action: string): string {
  return `/containers/${checkedContainer(id)}/${action}`;
}

/** `id`, when there can be such a container (moby/moby, daemon/names: RestrictedNamePattern). */
export function checkedContainer(id: string): string {
  if (!isEngineName(id)) {
    throw new ContainerNotFoundError(id);
  }
  return id;
}

/** Whether it can be the name or the ID of a container or a volume. */
export function isEngineName(text: string): boolean {
  return /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(text);
}
