import type { ContainerMarks, Mark } from "./ContainerMarks";

export interface ExclusiveOptions {
  readonly marks: ContainerMarks;
  /** Token of the lease that whoever asks has himself. */
  readonly ownLease?: string | undefined;
  /** For a container that was never started, for which whoever has a lease only waits. */
  readonly ignoresLeases?: boolean;
  /** Whether what others have left about the container speaks against it. */
  readonly unless?: (marks: readonly Mark[]) => boolean;
}

/**
 * Does something with a container that must not happen under anybody who uses it. Whoever takes a lease does that first
 * and looks for claims then; here the claim comes first and the look for leases then: of two at the same time, one sees
 * the other.
 *
 * @returns false when somebody uses it: nothing was done.
 */
export async function exclusively(
  { marks, ownLease, ignoresLeases = false, unless }: ExclusiveOptions,
  action: () => Promise<void>,
): Promise<boolean> {
  const claim = await marks.put("claim");
  try {
    const present = await marks.read();
    const isTaken = present.some(
      ({ kind, token, alive }) =>
        alive &&
        ((kind === "lease" && token !== ownLease && !ignoresLeases) ||
          kind === "intent" ||
          // Of two who claim it, one goes on. Should the other one have gone on already, it was for the same.
          (kind === "claim" && token < claim.token)),
    );
    if (isTaken || unless?.(present) === true) {
      return false;
    }
    await action();
    return true;
  } finally {
    await claim.remove();
  }
}
