import { formatBuildEvent } from "../core/job/formatBuildEvent";
import { formatDecision, formatSummary } from "../core/job/formatJob";
import type { JobEvent } from "../core/job/JobEvent";
import { writeOut } from "./writeOut";

/** Shows a job to a person: the command's own output as it is on stdout and stderr, everything else on stderr. */
export class TextReporter {
  private readonly build = formatBuildEvent();
  /** The command's output has not come to the end of its line. */
  private midLine = false;

  async show(event: JobEvent): Promise<void> {
    switch (event.type) {
      case "decision":
        return this.note(formatDecision(event));
      case "build":
        return writeOut(process.stderr, this.build(event.event));
      case "container":
        for (const { containerPort, protocol, hostIp, hostPort } of event.ports) {
          const port = `${String(containerPort)}${protocol === "tcp" ? "" : `/${protocol}`}`;
          await this.note(`port ${port} of the container is ${hostIp}:${String(hostPort)} here`);
        }
        return;
      case "output":
        this.midLine = event.text === "" ? this.midLine : !event.text.endsWith("\n");
        return writeOut(event.stream === "stdout" ? process.stdout : process.stderr, event.data);
      case "warning":
        return this.note(`warning: ${event.message}`);
      case "summary":
        return this.note(formatSummary(event));
      case "image":
      case "exit":
        return;
    }
  }

  private async note(text: string): Promise<void> {
    await writeOut(process.stderr, `${this.midLine ? "\n" : ""}slipway: ${text}\n`);
    this.midLine = false;
  }
}
