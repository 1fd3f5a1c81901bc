import { ImageBuildError } from "../../core/errors/imageErrors";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import { exitCodeOf } from "./buildLine";
import { LastOutput } from "./LastOutput";

interface NewStep {
  readonly id: string;
  readonly name: string;
  /** Nobody is told of it, unless it fails: it is in no Dockerfile. */
  readonly hidden: boolean;
}

interface Step extends NewStep {
  readonly started: number;
  readonly output: LastOutput;
  cached: boolean;
  silent: boolean;
}

/** The events of a build by a builder that does one step after the other, and says with each line of its output what it does. */
export class SequentialSteps {
  private step: Step | undefined;

  /** Ends the step before, too. */
  *begin(step: NewStep): Generator<BuildEvent> {
    yield* this.end("finished");
    this.step = { ...step, started: performance.now(), output: new LastOutput(), cached: false, silent: true };
    if (!step.hidden) {
      yield { type: "step", id: step.id, name: step.name, state: "started" };
    }
  }

  /** @returns false where no step could come from the cache: there is none, or it has written something already. */
  markCached(): boolean {
    if (this.step?.silent !== true) {
      return false;
    }
    this.step.cached = true;
    return true;
  }

  *output(text: string): Generator<BuildEvent> {
    const { step } = this;
    if (text === "") {
      return;
    }
    if (step !== undefined) {
      step.silent = false;
      step.output.add(text);
    }
    yield { type: "output", stepId: step?.hidden === true ? undefined : step?.id, text };
  }

  /** Ends the last step well. */
  *finish(): Generator<BuildEvent> {
    yield* this.end("finished");
    this.step = undefined;
  }

  /** Ends the build, always by throwing. @param code where the builder says it as a number. */
  *fail(detail: string, code?: number): Generator<BuildEvent, never> {
    yield* this.end("failed");
    throw new ImageBuildError({
      step: this.step?.name,
      exitCode: code ?? exitCodeOf(detail),
      output: this.step?.output.toString() ?? "",
      detail,
    });
  }

  private *end(state: "finished" | "failed"): Generator<BuildEvent> {
    const { step } = this;
    if (step !== undefined && (!step.hidden || state === "failed")) {
      const { id, name, cached, started } = step;
      const outcome = state === "finished" && cached ? "cached" : state;
      yield { type: "step", id, name, state: outcome, durationMs: performance.now() - started };
    }
  }
}
