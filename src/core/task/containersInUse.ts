/** Names of the containers that this process runs tasks in at this moment. */
const inUse = new Set<string>();

/**
 * Whether a task of this process still runs in the container. One that this process made and does not use was left
 * when its removal failed, for example because the engine was away.
 */
export function isInUse(name: string): boolean {
  return inUse.has(name);
}

/** Marks a container as used until `release` is called. To be called before it is made. */
export function useContainer(name: string): { readonly release: () => void } {
  inUse.add(name);
  return {
    release: () => {
      inUse.delete(name);
    },
  };
}
