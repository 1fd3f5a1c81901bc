import { someNames } from "./someNames";
import type { SkipReason } from "./TarUnpacker";
import type { TransferEvent } from "./TransferEvent";

const REASONS: Readonly<Record<SkipReason, string>> = {
  link: "they are links that lead out of what was copied",
  special: "they are devices, pipes or sockets",
  name: "this machine cannot have files of these names there",
};

/**
 * What to tell of what was left out.
 *
 * @param inTheWay paths of folders that stayed.
 */
export function* skipWarnings(
  skipped: ReadonlyMap<SkipReason, readonly string[]>,
  inTheWay: readonly string[] = [],
): Generator<TransferEvent> {
  for (const [reason, names] of skipped) {
    yield {
      type: "warning",
      message: `Not copied out of the container, since ${REASONS[reason]}: ${someNames(names)}.`,
    };
  }
  if (inTheWay.length > 0) {
    yield {
      type: "warning",
      message: `Not replaced, since a folder is there and the container has a file: ${someNames(inTheWay)}. Remove the folder to get the file.`,
    };
  }
}
