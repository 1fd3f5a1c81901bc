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
      yield* progress.steps.fail(error, line.errorDetail?.code);
    } else if (typeof line.aux === "object" && line.aux?.ID !== undefined) {
      // Each stage ends with one; the last is the image's.
      imageId = line.aux.ID;
    } else if (line.status !== undefined) {
      yield* progressOf(line);
    } else {
      yield* progress.read(line.stream ?? "");
    }
  }
  // Else the engine has gone away, maybe after a stage that is not the image.
  if (imageId !== undefined && progress.isOver) {
    yield* progress.steps.finish();
    yield { type: "image", imageId };
  }
}

class ClassicProgress {
  readonly steps = new SequentialSteps();
  /** Whether the builder has said that the image is there. */
  isOver = false;
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
      const id = `Step ${digits}/${total}`;
      const hidden = this.isLabelling(instruction, digits === total);
      yield* this.steps.begin({ id, name: `${id} : ${instruction}`, hidden });
      return;
    }
    const warning = WARNING.exec(text)?.[1]?.trim();
    if (warning !== undefined) {
      yield { type: "warning", message: warning };
    } else if (this.number > 0 && RUNNING.test(text)) {
      this.container = RUNNING.exec(text)?.[1];
    } else if (SUCCESS.test(text)) {
      this.isOver = true;
    } else if (text !== "\n" && !RESULT.test(text) && !(USING_CACHE.test(text) && this.steps.markCached())) {
      yield* this.steps.output(text);
    }
  }

  /** What runs in a step knows its container's ID, so it may write that this is gone, and go on as if it were the builder. */
  private isNext(number: number): boolean {
    return this.number === 0 || number === this.number + 1;
  }

  /** All labels are one step, the last. */
  private isLabelling(instruction: string, isLast: boolean): boolean {
    return isLast && this.labels.length > 0 && this.labels.every((label) => instruction.includes(`${label}=`));
  }
}
