import * as vscode from "vscode";
import { formatBuildEvent } from "../../core/job/formatBuildEvent";
import { formatDecision, formatSummary } from "../../core/job/formatJob";
import { formatStep, formatStepResult, formatTransfer } from "../../core/job/formatStep";
import type { JobEvent } from "../../core/job/JobEvent";
import type { StepPlace, StepResult } from "../../core/task/TaskEvent";
import { formatPortAddress } from "../formatPort";
import type { TextSink } from "./TextSink";

export interface JobSinks {
  readonly run: TextSink;
  readonly build: TextSink;
  /** What happens at this moment, in a few words. */
  readonly progress: (message: string) => void;
}

/** Shows what a job does, event by event. */
export class JobDisplay {
  private readonly formatBuild = formatBuildEvent();

  /** @param folder its name. */
  constructor(
    private readonly sinks: JobSinks,
    private readonly folder: string,
  ) {}

  /** @returns what is to be waited for before the next one, if anything. */
  show(event: JobEvent): Promise<void> | undefined {
    const { run, build, progress } = this.sinks;
    switch (event.type) {
      case "output":
        return run.append(event.text);
      case "decision":
        run.line(formatDecision(event));
        progress(event.willBuild ? vscode.l10n.t("building the image") : event.decision.reason);
        if (event.willBuild && build !== run) {
          build.line(`--- ${this.folder}: ${formatDecision(event)}`);
          build.show();
        }
        return undefined;
      case "build":
        if (event.event.type === "step" && event.event.state === "started") {
          progress(event.event.name);
        }
        return build.append(this.formatBuild(event.event));
      case "container":
        this.showContainer(event);
        return undefined;
      case "step-started":
        progress(isWorthALine(event.step) ? formatStep(event.step) : vscode.l10n.t("running"));
        if (isWorthALine(event.step)) {
          run.line(formatStep(event.step));
        }
        return undefined;
      case "step-ended":
        this.showEnd(event.step, event.result);
        return undefined;
      case "paused":
        progress(vscode.l10n.t("waiting before {0}", formatStep(event.step)));
        run.line(`waiting before ${formatStep(event.step)}`);
        return undefined;
      case "transfer":
        // That the workspace was up to date is nothing to tell.
        if (event.direction !== "sync" || event.files > 0) {
          run.line(formatTransfer(event));
        }
        return undefined;
      case "kept":
        run.line(`the container ${event.name} stays as it is`);
        return undefined;
      case "warning":
        run.line(`warning: ${event.message}`);
        return undefined;
      case "summary":
        run.line(formatSummary(event));
        return undefined;
      case "image":
      case "exit":
        return undefined;
    }
  }

  private showContainer({ replaced, ports }: JobEvent & { readonly type: "container" }): void {
    const { run, progress } = this.sinks;
    progress(vscode.l10n.t("running"));
    run.show();
    if (replaced !== undefined) {
      run.line(`a new container: ${replaced}`);
    }
    for (const port of ports) {
      run.line(`port ${String(port.containerPort)} of the container: ${formatPortAddress(port)}`);
    }
  }

  private showEnd(step: StepPlace, result: StepResult): void {
    // A set-up that need not be done again is what happens most of the time.
    const isSilent = result.status === "skipped" && result.why === "inputs";
    // Of the only step, the last line says how it ended.
    const isPlain = !isWorthALine(step) && (result.status === "succeeded" || result.status === "failed");
    if (!isSilent && !isPlain) {
      const heading = result.status === "skipped" ? formatStep(step) : step.name;
      this.sinks.run.line(`${heading}: ${formatStepResult(result)}`);
    }
  }
}

/** With one step there is nothing to tell apart. */
function isWorthALine({ part, count }: StepPlace): boolean {
  return part === "setup" || count > 1;
}
