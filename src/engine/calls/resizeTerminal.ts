import { EngineRequestError, EngineTimeoutError } from "../../core/errors/engineErrors";
import type { CallOptions } from "../../core/ports/ContainerEngine";
import type { EngineClient } from "./EngineClient";
import { pause } from "./pause";

export interface ResizeOptions extends CallOptions {
  readonly ask: (abortSignal: AbortSignal) => Promise<unknown>;
}

const ATTEMPTS = 5;
const PAUSE_MS = 50;
const ANSWER_WITHIN_MS = 5_000;

/**
 * Gives a terminal another size. An engine refuses (or, as Docker does for exec, does not answer at all) before the program
 * runs, for a moment after its start, and once it has ended, all with the same statuses: so it is asked a few times, and
 * that it was never done is no failure.
 */
export async function resizeTerminal(client: EngineClient, { ask, signal }: ResizeOptions): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      await client.call({
        during: "resizing the terminal",
        signal,
        deadlineMs: Math.min(ANSWER_WITHIN_MS, client.deadlines.answerMs),
        action: ask,
      });
      return;
    } catch (error) {
      if (error instanceof EngineTimeoutError) {
        return;
      }
      if (!(error instanceof EngineRequestError)) {
        throw error;
      }
      if (attempt < ATTEMPTS) {
        await pause(PAUSE_MS * attempt, signal);
      }
    }
  }
}
