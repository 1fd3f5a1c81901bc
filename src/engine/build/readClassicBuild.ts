import { ImageBuildError } from "../../core/errors/imageErrors";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import { errorOf, exitCodeOf, parseBuildLine, progressOf } from "./buildLine";
import { LastOutput } from "./LastOutput";

const STEP = /^Step (\d+)\/(\d+) : (.*)$/s;
const RUNNING = /^ ---> Running in ([0-9a-f]+)\n?$/;
/** Docker 20.10 and 28.5 say it in different words. */
const REMOVED = /^(?: ---> )?Remov(?:ed|ing) intermediate container ([0-9a-f]+)\n?$/;
const USING_CACHE = /^ ---> Using cache\n?$/;
const RESULT = /^ ---> [0-9a-f]{12,}\n?$/;
const WARNING = /^(?: ---> )?\[Warning\] (.*)$/s;
const SUCCESS = /^Successfully (?:built|tagged) /;
/** Around what a step writes to stderr. */
// eslint-disable-next-line no-control-regex -- Docker writes them
const RED = /^\u001b\[91m|\u001b\[0m$/g;

interface Step {
  readonly id: string;
  readonly name: string;
  readonly started: number;
  readonly hidden: boolean;
  readonly output: LastOutput;
  readonly number: number;
  cached: boolean;
  /** The container in which it runs: until that is gone, whatever comes is what runs there writes. */
  container: string | undefined;
}

/**
 * Turns what a build by Docker's classic builder answers into events: its steps are pieces of its output. The image's
 * labels are a step for it, though they are in no Dockerfile; nobody is told of that, unless it fails.
 *
 * @param labels the names of labels that the image gets
 */
export async function* readClassicBuild(
  lines: AsyncIterable<unknown>,
  labels: readonly string[] = [],
): AsyncGenerator<BuildEvent> {
  const progress = new ClassicProgress(labels);
  let imageId: string | undefined;
  for await (const value of lines) {
    const line = parseBuildLine(value);
    const error = errorOf(line);
    if (error !== undefined) {
      yield* progress.finish("failed");
      throw progress.failure(error, line.errorDetail?.code);
    }
    if (typeof line.aux === "object" && line.aux?.ID !== undefined) {
      // Each stage ends with one; the last is the image's.
      imageId = line.aux.ID;
    } else if (line.status !== undefined) {
      yield* progressOf(line);
    } else {
      yield* progress.read(line.stream ?? "");
    }
  }
  yield* progress.finish("finished");
  if (imageId !== undefined) {
    yield { type: "image", imageId };
  }
}

class ClassicProgress {
  private step: Step | undefined;

  constructor(private readonly labels: readonly string[]) {}

  *read(text: string): Generator<BuildEvent> {
    const { step } = this;
    if (step?.container !== undefined) {
      const gone = REMOVED.exec(text)?.[1];
      if (gone === step.container) {
        step.container = undefined;
      } else {
        yield* this.output(text.replace(RED, ""));
      }
      return;
    }
    const [, number, total, instruction] = STEP.exec(text.replace(/\n$/, "")) ?? [];
    if (number !== undefined && total !== undefined && instruction !== undefined) {
      yield* this.begin(Number(number), total, instruction);
      return;
    }
    const warning = WARNING.exec(text)?.[1]?.trim();
    if (warning !== undefined) {
      yield { type: "warning", message: warning };
    } else if (step !== undefined && RUNNING.test(text)) {
      step.container = RUNNING.exec(text)?.[1];
    } else if (step !== undefined && USING_CACHE.test(text)) {
      step.cached = true;
    } else if (text !== "\n" && !RESULT.test(text) && !SUCCESS.test(text)) {
      yield* this.output(text);
    }
  }

  *finish(state: "finished" | "failed"): Generator<BuildEvent> {
    const { step } = this;
    if (step !== undefined && (!step.hidden || state === "failed")) {
      const { id, name, cached, started } = step;
      const outcome = state === "finished" && cached ? "cached" : state;
      yield { type: "step", id, name, state: outcome, durationMs: performance.now() - started };
    }
  }

  failure(detail: string, code: number | undefined): ImageBuildError {
    const exitCode = code ?? exitCodeOf(detail);
    return new ImageBuildError({ step: this.step?.name, exitCode, output: this.step?.output.toString() ?? "", detail });
  }

  private *begin(number: number, total: string, instruction: string): Generator<BuildEvent> {
    yield* this.finish("finished");
    const id = `Step ${String(number)}/${total}`;
    this.step = {
      ...{ id, number, name: `${id} : ${instruction}`, started: performance.now(), output: new LastOutput() },
      hidden: this.isLabelling(instruction, String(number) === total),
      ...{ cached: false, container: undefined },
    };
    if (!this.step.hidden) {
      yield { type: "step", id, name: this.step.name, state: "started" };
    }
  }

  private *output(text: string): Generator<BuildEvent> {
    if (text !== "") {
      this.step?.output.add(text);
      yield { type: "output", stepId: this.step?.hidden === true ? undefined : this.step?.id, text };
    }
  }

  /** All labels are one step, the last. */
  private isLabelling(instruction: string, isLast: boolean): boolean {
    return isLast && this.labels.length > 0 && this.labels.every((label) => instruction.includes(`${label}=`));
  }
}
