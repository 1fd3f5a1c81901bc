import type { CopyCommand } from "./CliCommand";
import { UsageError } from "./UsageError";

/** Names have two characters or more: one is the letter of a drive. */
const IN_CONTAINER = /^([A-Za-z0-9][\w.-]+):(.+)$/s;

/** `CONTAINER:PATH PATH` is from the container, `PATH CONTAINER:PATH` into it, as for docker. Throws UsageError. */
export function parseCopyOperands(
  operands: readonly string[],
): Pick<CopyCommand, "direction" | "container" | "containerPath" | "path"> {
  const [source, target, ...others] = operands;
  if (source === undefined || target === undefined || others.length > 0) {
    throw wrong();
  }
  const [, from, fromPath] = IN_CONTAINER.exec(source) ?? [];
  const [, to, toPath] = IN_CONTAINER.exec(target) ?? [];
  if (from !== undefined && fromPath !== undefined && to === undefined) {
    return { direction: "out", container: from, containerPath: fromPath, path: target };
  }
  if (to !== undefined && toPath !== undefined && from === undefined) {
    return { direction: "in", container: to, containerPath: toPath, path: source };
  }
  throw wrong();
}

function wrong(): UsageError {
  return new UsageError(
    '"slipway cp" wants CONTAINER:PATH PATH or PATH CONTAINER:PATH. A path of this machine with a colon in it is ' +
      "written as ./PATH.",
  );
}
