import type { Stage } from "../dockerfile/Stage";

/** What stands before the instruction in a step's name: "[build 2/4] " (BuildKit), "[1/2] STEP 2/4: " (buildah), "Step 2/4 : " (Docker's classic builder). */
export interface StepHeading {
  readonly builder: "buildkit" | "buildah" | "classic";
  /** The classic builder counts through all stages, and says none. */
  readonly stage: Stage | undefined;
  /** Of the step in its stage, or in the file where there is no stage, from 1. */
  readonly position: number;
  readonly total: number;
  /** The instruction, as the builder says it. */
  readonly text: string;
  /** What comes before the position, and what comes after the total. */
  readonly before: string;
  readonly after: string;
}

const BUILDAH = /^((?:\[(\d+)\/\d+\] )?STEP )(\d+)\/(\d+)(: )(.*)$/s;
const BUILDKIT = /^(\[(?:([^\]]*) )?\s*)(\d+)\/(\d+)(\] )(.*)$/s;

const CLASSIC = /^(Step )(\d+)\/(\d+)( : )(.*)$/s;

/** @returns undefined for a step that is no instruction of the Dockerfile. */
export function parseStepHeading(name: string, stages: readonly Stage[]): StepHeading | undefined {
  const [, step, number, count, colon, instruction] = CLASSIC.exec(name) ?? [];
  if (step !== undefined && colon !== undefined && instruction !== undefined) {
    const place = { position: Number(number), total: Number(count), before: step, after: colon };
    return { ...place, text: instruction, builder: "classic", stage: undefined };
  }
  const buildah = BUILDAH.exec(name);
  const [, before, label, position, total, after, text] = buildah ?? BUILDKIT.exec(name) ?? [];
  if (before === undefined || after === undefined || text === undefined) {
    return undefined;
  }
  const parts = { position: Number(position), total: Number(total), before, after, text };
  return buildah === null
    ? { ...parts, builder: "buildkit", stage: stageOfBuildKit(label, stages) }
    : { ...parts, builder: "buildah", stage: stages.find(({ index }) => index === Number(label ?? "1") - 1) };
}

/** "linux/amd64 build", "stage-1", or nothing where there is one stage without a name. */
function stageOfBuildKit(label: string | undefined, stages: readonly Stage[]): Stage | undefined {
  const name = label
    ?.split(" ")
    .findLast((word) => word !== "" && !word.includes("/"))
    ?.toLowerCase();
  if (name === undefined) {
    return stages.length === 1 ? stages[0] : undefined;
  }
  const number = /^stage-(\d+)$/.exec(name)?.[1];
  return (
    stages.findLast((stage) => stage.name === name) ??
    stages.find(({ index }) => number !== undefined && index === Number(number))
  );
}
