import { idleLimit, keepAliveCommand } from "../../src/core/container/warm/keepAlive";
import { whenAborted } from "../conformance/programs/whenAborted";
import type { FakeProgram } from "./FakeProgram";

/** What a warm container needs of a fake engine: what keeps it alive, which never ends as idle here. */
export function warmPrograms(...keepWarmMs: readonly number[]): Readonly<Record<string, FakeProgram>> {
  const wait: FakeProgram = async ({ terminate }) => {
    await whenAborted(terminate);
    return 0;
  };
  return {
    ...Object.fromEntries(keepWarmMs.map((ms) => [JSON.stringify(keepAliveCommand(idleLimit(ms))), wait])),
    [JSON.stringify(["/bin/sh", "-c", ":"])]: () => 0,
  };
}
