import { formatTransfer } from "../core/job/formatStep";
import { copyPathIn, copyPathOut } from "../core/transfer/copyPath";
import type { TransferEvent } from "../core/transfer/TransferEvent";
import type { CopyCommand } from "./CliCommand";
import { findContainers, withManager } from "./withManager";
import { writeOut } from "./writeOut";

/** `slipway cp`: a file or a folder; into a folder that is there, it goes under its own name. */
export async function copyFiles(options: CopyCommand, signal: AbortSignal): Promise<number> {
  return withManager(options, signal, async ({ manager, engine }) => {
    const [container] = await findContainers(manager, [options.container], signal);
    const { path, containerPath } = options;
    const copy = { path, containerPath, engine, containerId: container?.id ?? "", signal };
    for await (const event of options.direction === "in" ? copyPathIn(copy) : copyPathOut(copy)) {
      await show(event, options.json);
    }
    return 0;
  });
}

async function show(event: TransferEvent, json: boolean): Promise<void> {
  if (json) {
    await writeOut(process.stdout, `${JSON.stringify(event)}\n`);
  } else {
    const text = event.type === "transfer" ? formatTransfer(event) : `warning: ${event.message}`;
    await writeOut(process.stderr, `slipway: ${text}\n`);
  }
}
