import { ImageBuildError } from "../../core/errors/imageErrors";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import { errorOf, exitCodeOf, parseBuildLine } from "./buildLine";
import { LastOutput } from "./LastOutput";

const STEP = /^((?:\[\d+\/\d+\] )?STEP \d+\/\d+): (.*)$/;
const USING_CACHE = /^--> Using cache /;
/** Lines with which buildah ends a step: not output of what ran in it. */
const STEP_END = /^--> [0-9a-f]{11,}$|^(?:\[\d+\/\d+\] )?COMMIT |^Successfully (?:built|tagged) |^[0-9a-f]{64}$/;

interface Step {
  readonly id: string;
  readonly name: string;
  readonly started: number;
  readonly hidden: boolean;
  cached: boolean;
  readonly output: LastOutput;
}

/**
 * Turns what a build by Podman (buildah) answers into events: its steps are lines of its output. The image's labels are
 * steps for it, though they are in no Dockerfile; nobody is told of those, unless they fail.
 *
 * @param labels the names of labels that the image gets
 */
export async function* readBuildahBuild(
  lines: AsyncIterable<unknown>,
  labels: readonly string[] = [],
): AsyncGenerator<BuildEvent> {
  const isLabelling = (name: string): boolean => labels.some((label) => name.startsWith(`LABEL "${label}"=`));
  let step: Step | undefined;
  const finish = function* (state: "finished" | "failed"): Generator<BuildEvent> {
    if (step !== undefined && (!step.hidden || state === "failed")) {
      const { id, name, cached, started } = step;
      const outcome = state === "finished" && cached ? "cached" : state;
      yield { type: "step", id, name, state: outcome, durationMs: performance.now() - started };
    }
  };
  for await (const value of lines) {
    const line = parseBuildLine(value);
    const error = errorOf(line);
    if (error !== undefined) {
      yield* finish("failed");
      throw new ImageBuildError({
        step: step?.name,
        exitCode: exitCodeOf(error),
        output: step?.output.toString() ?? "",
        detail: error,
      });
    }
    if (typeof line.aux === "object" && line.aux?.ID !== undefined) {
      yield* finish("finished");
      step = undefined;
      yield { type: "image", imageId: line.aux.ID };
      continue;
    }
    for (const text of (line.stream ?? "").split(/(?<=\n)/)) {
      const [, id, name] = STEP.exec(text.trimEnd()) ?? [];
      if (id !== undefined && name !== undefined) {
        yield* finish("finished");
        step = {
          id,
          name: `${id}: ${name}`,
          started: performance.now(),
          hidden: isLabelling(name),
          cached: false,
          output: new LastOutput(),
        };
        if (!step.hidden) {
          yield { type: "step", id, name: step.name, state: "started" };
        }
      } else if (step !== undefined && USING_CACHE.test(text)) {
        step.cached = true;
      } else if (text !== "" && !STEP_END.test(text.trimEnd())) {
        step?.output.add(text);
        yield { type: "output", stepId: step?.hidden === true ? undefined : step?.id, text };
      }
    }
  }
}
