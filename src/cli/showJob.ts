import type { JobEvent } from "../core/job/JobEvent";
import { TextReporter } from "./TextReporter";
import { writeOut } from "./writeOut";

/** What interrupted programs have; also of a task that was stopped at a pause. */
const INTERRUPTED = 130;

export interface ShowJobOptions {
  readonly json: boolean;
  /** That is run; undefined for a command. */
  readonly task: string | undefined;
  /** Whether a command is to end, and not only an image to be there. */
  readonly runs: boolean;
}

/** Shows a job as it goes on. @returns the exit code. */
export async function showJob(events: AsyncIterable<JobEvent>, options: ShowJobOptions): Promise<number> {
  const reporter = new TextReporter(options.task);
  let exitCode = options.runs ? INTERRUPTED : 0;
  for await (const event of events) {
    if (event.type === "exit") {
      exitCode = event.code;
    }
    if (options.json) {
      await writeOut(process.stdout, toJsonLine(event));
    } else {
      await reporter.show(event);
    }
  }
  return exitCode;
}

/** The bytes of the output are left out: JSON has no place for them, and the text says the same where it is text. */
function toJsonLine(event: JobEvent): string {
  if (event.type !== "output") {
    return `${JSON.stringify(event)}\n`;
  }
  const { type, stream, text, step } = event;
  return text === "" ? "" : `${JSON.stringify({ type, stream, text, step })}\n`;
}
