import { ContainerNotFoundError, ContainerNotRunningError, ExecError } from "../errors/containerErrors";
import type { ContainerEngine } from "../ports/ContainerEngine";
import { decodeOutput } from "./decodeOutput";
import { parseStopReport, STOP_COMMAND, STOP_VARIABLES, type StopReport } from "./stopScript";

export interface StopStepOptions {
  readonly engine: ContainerEngine;
  readonly containerId: string;
  /** Value of STEP_VARIABLE. */
  readonly token: string;
  /** Who runs the step; undefined is the container's user. */
  readonly user: string | undefined;
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** How long the script waits for processes to be gone after SIGKILL. */
const PATIENCE_MS = 2_000;
/** Whose processes are in a container is a short list; one without an end is not worth waiting for. */
const USERS_AT_MOST = 6;
const ROOT = "0:0";

/**
 * Ends all processes of a step, and nothing else in its container: as its own user, and then as the others whose
 * processes may be of the step. @returns how many are still there; undefined where there is no shell to find out with.
 */
export async function stopStep(options: StopStepOptions): Promise<number | undefined> {
  const asked = new Set<string>();
  const waiting = [options.user];
  let family = "";
  let left: number | undefined;
  while (waiting.length > 0 && asked.size < USERS_AT_MOST) {
    const user = waiting.shift();
    asked.add(user ?? "");
    const report = await runScript(options, user, family);
    if (report === undefined) {
      // There may be no such user; root is in any case.
      waiting.push(...[ROOT].filter((other) => left === undefined && !asked.has(other)));
      continue;
    }
    ({ family, left } = report);
    waiting.push(...report.others.filter((other) => !asked.has(other) && !waiting.includes(other)));
  }
  return left;
}

async function runScript(
  { engine, containerId, token, graceMs, signal }: StopStepOptions,
  user: string | undefined,
  family: string,
): Promise<StopReport | undefined> {
  const env = {
    [STOP_VARIABLES.step]: token,
    [STOP_VARIABLES.family]: family,
    [STOP_VARIABLES.grace]: hundredths(graceMs),
    [STOP_VARIABLES.patience]: hundredths(PATIENCE_MS),
  };
  try {
    const program = await engine.exec(
      containerId,
      { command: STOP_COMMAND, env, workingDirectory: "/", user, tty: false, stdin: false },
      { signal },
    );
    try {
      let text = "";
      for await (const piece of decodeOutput(program.output)) {
        text += piece.text;
      }
      return (await program.exitCode({ signal })) === 0 ? parseStopReport(text) : undefined;
    } finally {
      program.close();
    }
  } catch (error) {
    if (error instanceof ContainerNotFoundError || error instanceof ContainerNotRunningError) {
      return { family, others: [], left: 0 };
    }
    if (error instanceof ExecError) {
      return undefined;
    }
    throw error;
  }
}

function hundredths(ms: number): string {
  return String(Math.ceil(ms / 10));
}
