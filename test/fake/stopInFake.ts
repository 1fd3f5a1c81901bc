import { setTimeout } from "node:timers/promises";
import { STEP_VARIABLE, STOP_VARIABLES } from "../../src/core/task/stopScript";
import type { FakeContainer } from "./FakeContainer";
import type { FakeProgram } from "./FakeProgram";

/** What the script that stops steps does in a real container. */
export function stopInFake(container: FakeContainer): FakeProgram {
  return async ({ env, write }) => {
    const token = env[STOP_VARIABLES.step] ?? "";
    const processes = container.execProcesses().filter((process) => process.env[STEP_VARIABLE] === token);
    const signal = (name: string): void => {
      processes.forEach((process) => {
        process.signal(name);
      });
    };
    signal("SIGTERM");
    const over = new AbortController();
    const grace = setTimeout(Number(env[STOP_VARIABLES.grace]) * 10, undefined, { signal: over.signal });
    await Promise.race([Promise.all(processes.map(async ({ ended }) => ended)), grace]);
    over.abort();
    grace.catch(() => undefined);
    signal("SIGKILL");
    write("stdout", "family \nothers\nleft 0\ndenied 0\n");
    return 0;
  };
}
