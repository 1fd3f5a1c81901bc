import type { BuildEvent } from "../../core/ports/BuildEvent";
import { errorOf, parseBuildLine } from "./buildLine";
import { SequentialSteps } from "./SequentialSteps";

const STEP = /^(?:\[(\d+)\/\d+\] )?STEP (\d+)\/\d+: /;
const USING_CACHE = /^--> Using cache [0-9a-f]{12,}$/;
/** The layer of a step that has ended: eleven digits of its ID (Podman 4.3), or twelve. */
const LAYER = /^--> [0-9a-f]{11,12}$/;
/** With a name, where the build has one. */
const COMMIT = /^(?:\[\d+\/\d+\] )?COMMIT(?:\s|$)/;
const TAGGED = /^Successfully tagged /;
const ID = /^[0-9a-f]{64}$/;
const SUCCESS = /^Successfully (?:built|tagged) /;

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
  const progress = new BuildahProgress(labels);
  for await (const value of lines) {
    const line = parseBuildLine(value);
    const error = errorOf(line);
    if (error !== undefined) {
      yield* progress.fail(error);
    } else if (typeof line.aux === "object" && line.aux?.ID !== undefined) {
      yield* progress.finish(line.aux.ID);
    } else {
      for (const text of (line.stream ?? "").split(/(?<=\n)/)) {
        yield* progress.read(text);
      }
    }
  }
  yield* progress.flush();
}

/**
 * What runs in a step may write the very words of the builder, which come on the same stream. So a step begins only where
 * the number before it was the last, and the words that end one are kept until it is seen that something else follows.
 */
class BuildahProgress {
  private readonly steps = new SequentialSteps();
  /** Of the step that goes on: its stage and its number in it, from 1. */
  private place: { readonly stage: string; readonly number: number } | undefined;
  /** Lines that end a step if nothing of it follows: COMMIT, the layer's ID and what the image is, or some of these. */
  private ending: readonly string[] = [];
  private isOver = false;

  constructor(private readonly labels: readonly string[]) {}

  *read(text: string): Generator<BuildEvent> {
    const line = text.trimEnd();
    const next = this.placeAfter(line);
    if (next !== undefined) {
      this.ending = [];
      this.place = next;
      yield* this.begin(line);
    } else if (USING_CACHE.test(line) && this.steps.markCached()) {
      // The step's end comes on the next line.
    } else if (this.isEnding(line)) {
      this.ending = [...this.ending, text];
    } else if (!(this.isOver && SUCCESS.test(line))) {
      yield* this.flush();
      if (this.startsEnding(line)) {
        this.ending = [text];
      } else {
        yield* this.steps.output(text);
      }
    }
  }

  *finish(imageId: string): Generator<BuildEvent> {
    this.ending = [];
    this.isOver = true;
    yield* this.steps.finish();
    yield { type: "image", imageId };
  }

  *fail(detail: string): Generator<BuildEvent> {
    yield* this.flush();
    yield* this.steps.fail(detail);
  }

  /** What looked like the end of a step was not. */
  *flush(): Generator<BuildEvent> {
    const { ending } = this;
    this.ending = [];
    for (const text of ending) {
      yield* this.steps.output(text);
    }
  }

  private *begin(line: string): Generator<BuildEvent> {
    const [, id = "", instruction = ""] = /^(.*?STEP \d+\/\d+): (.*)$/.exec(line) ?? [];
    const hidden = this.labels.some((label) => instruction.startsWith(`LABEL "${label}"=`));
    yield* this.steps.begin({ id, name: `${id}: ${instruction}`, hidden });
  }

  /** @returns undefined for what begins no step here. */
  private placeAfter(line: string): BuildahProgress["place"] {
    const [, stage = "", digits] = STEP.exec(line) ?? [];
    if (digits === undefined) {
      return undefined;
    }
    const number = Number(digits);
    const expected = this.place?.stage === stage ? this.place.number + 1 : 1;
    return number === expected ? { stage, number } : undefined;
  }

  private startsEnding(line: string): boolean {
    return this.place !== undefined && (LAYER.test(line) || COMMIT.test(line));
  }

  private isEnding(line: string): boolean {
    const [first] = this.ending;
    if (first === undefined) {
      return false;
    }
    if (!COMMIT.test(first)) {
      // An image without a name that was in the cache is not committed.
      return this.ending.length === 1 && ID.test(line);
    }
    return this.ending.length === 1 ? LAYER.test(line) : TAGGED.test(line) || ID.test(line);
  }
}
