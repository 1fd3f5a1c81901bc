import type { CallOptions } from "../../core/ports/ContainerEngine";
import { pause } from "./pause";

const ATTEMPTS = 4;
const PAUSE_MS = 50;

/** Whether a program runs whose streams have ended: engines say for a moment that it does when it has just come to its end. */
export async function stillRuns(ask: () => Promise<boolean>, { signal }: CallOptions): Promise<boolean> {
  for (let attempt = 1; await ask(); attempt++) {
    if (attempt === ATTEMPTS) {
      return true;
    }
    await pause(PAUSE_MS, signal);
  }
  return false;
}
