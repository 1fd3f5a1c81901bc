import { stat } from "node:fs/promises";
import { basename, dirname, join, posix, resolve, sep } from "node:path";
import { WorkspaceError } from "../core/errors/configurationErrors";
import { formatTransfer } from "../core/job/formatStep";
import type { ContainerEngine } from "../core/ports/ContainerEngine";
import { containerOwner } from "../core/transfer/containerOwner";
import { copyIn } from "../core/transfer/copyIn";
import { copyOut } from "../core/transfer/copyOut";
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
    for await (const event of options.direction === "in" ? into(copy) : from(copy)) {
      await show(event, options.json);
    }
    return 0;
  });
}

interface Copy extends Pick<CopyCommand, "path" | "containerPath"> {
  readonly engine: ContainerEngine;
  readonly containerId: string;
  readonly signal: AbortSignal;
}

async function* into({ engine, containerId, path, containerPath, signal }: Copy): AsyncGenerator<TransferEvent> {
  const source = resolve(path);
  if ((await stat(source).catch(() => undefined)) === undefined) {
    throw new WorkspaceError(`There is no ${path} here.`);
  }
  const wanted = posix.resolve("/", containerPath);
  const found = await engine.statPath(containerId, wanted, { signal });
  const isInto = containerPath.endsWith("/") || found?.kind === "directory";
  const target = isInto ? posix.join(wanted, basename(source)) : wanted;
  const owner = await containerOwner({ engine, containerId, user: undefined, signal });
  const items = [{ source: basename(source), target }];
  yield* copyIn({ engine, containerId, workspaceFolder: dirname(source), items, owner, signal });
}

async function* from({ engine, containerId, path, containerPath, signal }: Copy): AsyncGenerator<TransferEvent> {
  const source = posix.resolve("/", containerPath);
  const wanted = resolve(path);
  const isFolder = (await stat(wanted).catch(() => undefined))?.isDirectory() === true;
  const isInto = path.endsWith("/") || path.endsWith(sep) || isFolder;
  const target = isInto ? join(wanted, posix.basename(source)) : wanted;
  const items = [{ source, target }];
  yield* copyOut({ engine, containerId, workspaceFolder: dirname(target), items, failed: false, signal });
}

async function show(event: TransferEvent, json: boolean): Promise<void> {
  if (json) {
    await writeOut(process.stdout, `${JSON.stringify(event)}\n`);
  } else {
    const text = event.type === "transfer" ? formatTransfer(event) : `warning: ${event.message}`;
    await writeOut(process.stderr, `slipway: ${text}\n`);
  }
}
