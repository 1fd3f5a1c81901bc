import { lstatSync, type Stats } from "node:fs";
import { ContextChangedError } from "../../core/errors/imageErrors";
import type { ContextEntry } from "../../core/ports/BuildContext";
import { isOfKind } from "./isOfKind";

/**
 * What lstat says of an entry of the context; throws ContextChangedError where it is gone, or not of the kind any more
 * that was fingerprinted. Synchronous: it is a few microseconds of work, and Node's asynchronous one takes many times as
 * long.
 *
 * @param file its absolute path.
 */
export function statsOfKind(file: string, { path, kind }: ContextEntry): Stats {
  const stats = tryLstat(file);
  if (stats === undefined || !isOfKind(stats, kind)) {
    throw new ContextChangedError(path);
  }
  return stats;
}

function tryLstat(file: string): Stats | undefined {
  try {
    return lstatSync(file);
  } catch {
    // It is gone, or something on the way to it is not a folder any more.
    return undefined;
  }
}
