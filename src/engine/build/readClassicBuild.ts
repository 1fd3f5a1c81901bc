import type { BuildEvent } from "../../core/ports/BuildEvent";
import { errorOf, parseBuildLine, progressOf } from "./buildLine";
import { SequentialSteps } from "./SequentialSteps";

const STEP = /^Step (\d+)\/(\d+) : (.*)$/s;
const RUNNING = /^ ---> Running in ([0-9a-f]+)\n?$/;
/** Docker 20.10 and 28.5 say it in different words. */
const REMOVED = /^(?: ---> )?Remov(?:ed|ing) intermediate container ([0-9a-f]+)\n?$/;
const USING_CACHE = /^ ---> Using cache\n?$/;
const RESULT = /^ ---> [0-9a-f]{12,}\n?$/;
const WARNING = /^(?: ---> )?\[Warning\] (.*)$/s;
const SUCCESS = /^Successfully (?:built|tagged) /;
/** A piece of what a step writes to stderr, which Docker makes red. */
// eslint-disable-next-line no-control-regex -- Docker writes them
const RED = /^\u001b\[91m(.*)\u001b\[0m$/s;

/**
 * Turns what a build by Docker's classic builder answers into events: its steps are pieces of its output. The image's
 * labels are steps for it, though they are in no Dockerfile; nobody is told of those, unless they fail.
 *
 * @param labels the names of labels that the image gets
 */
export async function* readClassicBuild(
  lines: AsyncIterable<unknown>,
  labels: readonly string[] = [],
): AsyncGenerator<BuildEvent> {
  const progress = new ClassicProgress(labels);
  for await (const value of lines) {
    const line = parseBuildLine(value);
    const error = errorOf(line);
    if (error !== undefined) {
      yield* progress.steps.fail(error, line.errorDetail?.code);
    } else if (typeof line.aux === "object" && line.aux?.ID !== undefined) {
      progress.imageId = line.aux.ID;
    } else if (line.status !== undefined) {
      yield* progressOf(line);
    } else {
      yield* progress.read(line.stream ?? "");
    }
  }
  yield* progress.steps.finish();
  if (progress.imageId !== undefined) {
    yield { type: "image", imageId: progress.imageId };
  }
}

class ClassicProgress {
  readonly steps = new SequentialSteps();
  /** Each stage ends with one; the image's is the one after which nothing begins. */
  imageId: string | undefined;
  /** Of the step that goes on, from 1. */
  private number = 0;
  /** The container in which it runs: until that is gone, whatever comes is what runs there writes. */
  private container: string | undefined;

  constructor(private readonly labels: readonly string[]) {}

  *read(text: string): Generator<BuildEvent> {
    if (this.container !== undefined) {
      if (REMOVED.exec(text)?.[1] === this.container) {
        this.container = undefined;
      } else {
        yield* this.steps.output(text.replace(RED, "$1"));
      }
      return;
    }
    const [, digits, total, instruction] = STEP.exec(text.replace(/\n$/, "")) ?? [];
    if (digits !== undefined && total !== undefined && instruction !== undefined && this.isNext(Number(digits))) {
      this.number = Number(digits);
      this.imageId = undefined;
      const id = `Step ${digits}/${total}`;
      const hidden = this.isLabelling(instruction, Number(total) - Number(digits));
      yield* this.steps.begin({ id, name: `${id} : ${instruction}`, hidden });
      return;
    }
    const warning = WARNING.exec(text)?.[1]?.trim();
    if (warning !== undefined) {
      yield { type: "warning", message: warning };
    } else if (this.number > 0 && RUNNING.test(text)) {
      this.container = RUNNING.exec(text)?.[1];
    } else if (
      text !== "\n" &&
      !RESULT.test(text) &&
      !SUCCESS.test(text) &&
      !(USING_CACHE.test(text) && this.steps.markCached())
    ) {
      yield* this.steps.output(text);
    }
  }

  /** What runs in a step knows its container's ID, so it may write that this is gone, and go on as if it were the builder. */
  private isNext(number: number): boolean {
    return this.number === 0 || number === this.number + 1;
  }

  /** Each label is a step, after all others. */
  private isLabelling(instruction: string, left: number): boolean {
    return left < this.labels.length && this.labels.some((label) => instruction.startsWith(`LABEL ${label}=`));
  }
}
