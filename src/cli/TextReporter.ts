import { formatBuildEvent } from "../core/job/formatBuildEvent";
import { formatDecision, formatSummary } from "../core/job/formatJob";
import { formatStep, formatStepResult, formatTransfer } from "../core/job/formatStep";
import type { JobEvent } from "../core/job/JobEvent";
import type { StepPlace, StepResult } from "../core/task/TaskEvent";
import { formatKept } from "./formatKept";
import { writeOut } from "./writeOut";

/** Shows a job to a person: the command's own output as it is on stdout and stderr, everything else on stderr. */
export class TextReporter {
  private readonly build = formatBuildEvent();
  /** The command's output has not come to the end of its line. */
  private midLine = false;

  /** @param task that is run; undefined for a command. */
  constructor(private readonly task: string | undefined) {}

  async show(event: JobEvent): Promise<void> {
    switch (event.type) {
      case "decision":
        return this.note(formatDecision(event));
      case "build":
        return writeOut(process.stderr, this.build(event.event));
      case "container":
        if (event.replaced !== undefined) {
          await this.note(`a new container: ${event.replaced}`);
        }
        for (const { containerPort, protocol, hostIp, hostPort } of event.ports) {
          const port = `${String(containerPort)}${protocol === "tcp" ? "" : `/${protocol}`}`;
          await this.note(`port ${port} of the container is ${hostIp}:${String(hostPort)} here`);
        }
        return;
      case "step-started":
        return isWorthALine(event.step) ? this.note(formatStep(event.step)) : undefined;
      case "step-ended":
        return this.showEnd(event.step, event.result);
      case "output":
        this.midLine = event.text === "" ? this.midLine : !event.text.endsWith("\n");
        return writeOut(event.stream === "stdout" ? process.stdout : process.stderr, event.data);
      case "transfer":
        // That the workspace was up to date is nothing to tell.
        return event.direction === "sync" && event.files === 0 ? undefined : this.note(formatTransfer(event));
      case "warning":
        return this.note(`warning: ${event.message}`);
      case "kept":
        return this.note(formatKept(event, this.task));
      case "summary":
        return this.note(formatSummary(event));
      // Whoever is asked at a pause is told of it by the question.
      case "paused":
      case "image":
      case "exit":
        return;
    }
  }

  private async showEnd(step: StepPlace, result: StepResult): Promise<void> {
    // A set-up that need not be done again is what happens most of the time.
    const isSilent = result.status === "skipped" && result.why === "inputs";
    // Of the only step, the last line says how it ended.
    const isPlain = !isWorthALine(step) && (result.status === "succeeded" || result.status === "failed");
    if (!isSilent && !isPlain) {
      const heading = result.status === "skipped" ? formatStep(step) : step.name;
      await this.note(`${heading}: ${formatStepResult(result)}`);
    }
  }

  private async note(text: string): Promise<void> {
    await writeOut(process.stderr, `${this.midLine ? "\n" : ""}slipway: ${text}\n`);
    this.midLine = false;
  }
}

/** With one step there is nothing to tell apart. */
function isWorthALine({ part, count }: StepPlace): boolean {
  return part === "setup" || count > 1;
}
