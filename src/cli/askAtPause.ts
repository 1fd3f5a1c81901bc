import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { isAbortError } from "../core/errors/ExpectedError";
import { formatStep } from "../core/job/formatStep";
import type { StepPlace } from "../core/task/TaskEvent";

/** Asks on the terminal whether to go on with a step; "q", or the end of the input, stops the task there. */
export async function askAtPause(step: StepPlace, signal: AbortSignal | undefined): Promise<"continue" | "stop"> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Ctrl-C is no answer: it interrupts, as it does at any other time.
    lines.on("SIGINT", () => {
      process.kill(process.pid, "SIGINT");
    });
    const question = `slipway: Enter goes on with ${formatStep(step)}, q stops here: `;
    const ended = once(lines, "close").then(() => "q");
    // At the end of the input, Node takes the question back as if it had been aborted.
    const given = lines.question(question, { signal }).catch((error: unknown) => {
      signal?.throwIfAborted();
      if (isAbortError(error)) {
        return "q";
      }
      throw error;
    });
    const answer = await Promise.race([given, ended]);
    return /^\s*q/i.test(answer) ? "stop" : "continue";
  } finally {
    lines.close();
  }
}
