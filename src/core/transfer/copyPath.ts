import { stat } from "node:fs/promises";
import { basename, dirname, join, posix, resolve, sep } from "node:path";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import { containerOwner } from "./containerOwner";
import { copyIn } from "./copyIn";
import { copyOut } from "./copyOut";
import type { TransferEvent } from "./TransferEvent";

export interface CopyPathOptions extends CallOptions {
  readonly engine: ContainerEngine;
  readonly containerId: string;
  /** On this machine. */
  readonly path: string;
  readonly containerPath: string;
}

/**
 * Copies one file or folder of this machine into a container, as whose user's it will be. Into a folder that is there, or
 * whose path ends with "/", it goes under its own name. Rejects as copyIn does.
 */
export async function* copyPathIn(options: CopyPathOptions): AsyncGenerator<TransferEvent> {
  const { engine, containerId, path, containerPath, signal } = options;
  const source = resolve(path);
  const wanted = posix.resolve("/", containerPath);
  const found = await engine.statPath(containerId, wanted, { signal });
  const isInto = containerPath.endsWith("/") || found?.kind === "directory";
  const target = isInto ? posix.join(wanted, basename(source)) : wanted;
  const owner = await containerOwner({ engine, containerId, user: undefined, signal });
  const items = [{ source: basename(source), target }];
  yield* copyIn({ engine, containerId, workspaceFolder: dirname(source), items, owner, signal });
}

/**
 * Copies one file or folder of a container to this machine, where it is not trusted. Into a folder that is there, or whose
 * path ends with a separator, it goes under its own name. Rejects as copyOut does.
 */
export async function* copyPathOut(options: CopyPathOptions): AsyncGenerator<TransferEvent> {
  const { engine, containerId, path, containerPath, signal } = options;
  const source = posix.resolve("/", containerPath);
  const wanted = resolve(path);
  const isFolder = (await stat(wanted).catch(() => undefined))?.isDirectory() === true;
  const isInto = path.endsWith("/") || path.endsWith(sep) || isFolder;
  const target = isInto ? join(wanted, posix.basename(source)) : wanted;
  const items = [{ source, target }];
  yield* copyOut({ engine, containerId, workspaceFolder: dirname(target), items, failed: false, signal });
}
