import { cacheFolder } from "../core/cacheFolder";
import { discardFailedRun } from "../core/job/discardFailedRun";
import type { CliCommand } from "./CliCommand";
import { withManager } from "./withManager";
import { writeOut } from "./writeOut";

/** `slipway discard`. @returns 0 when the failed run's container is gone, or goes as soon as nobody uses it. */
export async function discardRun(
  { task, ...options }: CliCommand & { readonly name: "discard" },
  signal: AbortSignal,
): Promise<number> {
  return withManager(options, signal, async ({ engine, workspace }) => {
    const { run, problems } = await discardFailedRun({ engine, workspace, cacheFolder: cacheFolder(), task });
    const { containerId: id, containerName: name } = run;
    for (const message of problems) {
      await writeOut(process.stderr, `slipway: ${message}\n`);
    }
    if (problems.length > 0) {
      return 1;
    }
    await writeOut(process.stdout, `${options.json ? JSON.stringify({ type: "discarded", id, name }) : name}\n`);
    return 0;
  });
}
