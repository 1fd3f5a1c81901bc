import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import { containerUser } from "./containerUser";

export interface StepUserOptions extends CallOptions {
  readonly engine: ContainerEngine;
  readonly container: { readonly id: string; readonly user: string | undefined };
  /** As slipway.json says it: a name, a uid, "uid:gid", or "host". */
  readonly user: string | undefined;
}

/**
 * What exec is given as a step's user. "host" is the container's own where that was made for the host's user; else it is
 * the caller's uid, and root on rootless engines, whose root is the caller outside.
 */
export async function stepUser({ engine, container, user, signal }: StepUserOptions): Promise<string | undefined> {
  const wanted = user === undefined ? undefined : containerUser(user);
  switch (wanted?.kind) {
    case undefined:
    case "image":
      return container.user;
    case "named":
      return wanted.name;
    case "host": {
      const name = `${String(wanted.uid)}:${String(wanted.gid)}`;
      const details = await engine.inspectContainer(container.id, { signal });
      if (details?.user === name) {
        return name;
      }
      const { rootless } = await engine.info({ signal });
      return rootless ? "0:0" : name;
    }
  }
}
