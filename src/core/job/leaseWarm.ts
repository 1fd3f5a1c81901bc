import { ContainerMarks } from "../container/warm/ContainerMarks";
import { removeIfDiscarded } from "../container/warm/discardContainer";
import { LABEL } from "../labels";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { ContainerSummary } from "../ports/ContainerTypes";

export interface WarmLease {
  /** Never rejects. @param lost whether what ran may do so still. @returns problems, for people. */
  release(options: { readonly lost: boolean }): Promise<readonly string[]>;
}

/** Keeps a container that is there from being removed while it is used. What is not warm is removed by hand only. */
export async function leaseWarm(
  engine: ContainerEngine,
  cacheFolder: string,
  { id, name, labels }: Pick<ContainerSummary, "id" | "name" | "labels">,
): Promise<WarmLease> {
  if (labels[LABEL.kind] !== "warm") {
    return { release: async () => Promise.resolve([]) };
  }
  const marks = new ContainerMarks(cacheFolder, name);
  const lease = await marks.put("lease", { id });
  return {
    release: async ({ lost }) => {
      if (lost) {
        await marks.put("left", { id });
      }
      await lease.remove();
      // Whoever goes last does what somebody has asked for meanwhile.
      return lost ? [] : (await removeIfDiscarded({ engine, marks, container: { id, name } })).problems;
    },
  };
}
