import { nameValues } from "../dockerfile/nameValues";
import type { Stage } from "../dockerfile/Stage";
import type { CollectedInputs } from "../fingerprint/collectBuildInputs";
import { namesIn } from "../network/caVariables";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";

/** The names of the variables that are set in what each stage starts from. */
export async function inheritedNames(
  engine: ContainerEngine,
  { stages, syntax }: CollectedInputs,
  { signal }: CallOptions,
): Promise<ReadonlyMap<Stage, ReadonlySet<string>>> {
  const inherited = new Map<Stage, ReadonlySet<string>>();
  for (const stage of stages) {
    inherited.set(stage, new Set(await namesFrom(stage)));
  }
  return inherited;

  async function namesFrom({ base }: Stage): Promise<readonly string[]> {
    switch (base.kind) {
      case "image": {
        const image = await engine.inspectImage(base.reference, { signal });
        return namesIn(image?.config.env ?? []);
      }
      case "stage": {
        // It comes earlier in the Dockerfile, and so in the list.
        const parent = stages.find(({ index }) => index === base.index);
        return parent === undefined ? [] : [...(inherited.get(parent) ?? []), ...setBy(parent)];
      }
      case "scratch":
      case "unknown":
        return [];
    }
  }

  function setBy({ instructions }: Stage): readonly string[] {
    return instructions
      .filter(({ keyword }) => keyword === "ENV")
      .flatMap((instruction) => nameValues(instruction, syntax.directives.escape).map(({ name }) => name));
  }
}
