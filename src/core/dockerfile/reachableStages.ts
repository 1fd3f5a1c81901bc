import type { Source, Stage } from "./Stage";
import { resolveSource, stageSources } from "./stageSources";
import { UnknownStageError } from "./UnknownStageError";

/**
 * The stages that have a part in the target, itself included, in the order of the Dockerfile. Where it is not known
 * which stage a name stands for, all that it can be are taken.
 *
 * @param stages all stages of the Dockerfile
 * @param target a name or an index; the last stage if absent
 * @param triggered what ONBUILD instructions of base images copy from
 * @throws UnknownStageError
 */
export function reachableStages(
  stages: readonly Stage[],
  target?: string,
  triggered: readonly string[] = [],
): readonly Stage[] {
  const reached = new Set<Stage>();
  const others = triggered.flatMap((name) => select(resolveSource(name, stages), stages, stages));
  const pending = [findTarget(stages, target), ...others];
  for (let stage = pending.pop(); stage !== undefined; stage = pending.pop()) {
    if (!reached.has(stage)) {
      reached.add(stage);
      pending.push(...dependencies(stage, stages));
    }
  }
  return stages.filter((stage) => reached.has(stage));
}

function findTarget(stages: readonly Stage[], target: string | undefined): Stage {
  const stage =
    target === undefined
      ? stages.at(-1)
      : (stages.findLast(({ name }) => name === target.toLowerCase()) ??
        (/^\d+$/u.test(target) ? stages[Number(target)] : undefined));
  if (stage === undefined) {
    throw new UnknownStageError(
      target ?? "",
      stages.map(({ name, index }) => name ?? String(index)),
    );
  }
  return stage;
}

function dependencies(stage: Stage, stages: readonly Stage[]): readonly Stage[] {
  const earlier = stages.slice(0, stage.index);
  return [
    ...select(stage.base, stages, earlier),
    ...stageSources(stage, stages).flatMap(({ source }) => select(source, stages, stages)),
  ];
}

function select(source: Source, stages: readonly Stage[], candidates: readonly Stage[]): readonly Stage[] {
  switch (source.kind) {
    case "stage": {
      // Of stages with one name BuildKit takes the last, and buildah the last before the one that names it.
      const name = stages[source.index]?.name;
      return stages.filter((stage) => stage.index === source.index || (name !== undefined && stage.name === name));
    }
    case "unknown":
      return candidates;
    case "image":
    case "scratch":
      return [];
  }
}
