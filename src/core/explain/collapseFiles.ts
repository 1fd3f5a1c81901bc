import type { ExplainedChange } from "./Explanation";
import { showText } from "../showText";

/** So many changes can be read one by one. */
const MOST_LINES = 100;
/** A folder in which more names than these have changes is told of as one, where there are too many. */
const MOST_IN_FOLDER = 20;

/** A change of one file, or how many there are in a folder. */
export type FileLine =
  | { readonly kind: "change"; readonly change: ExplainedChange }
  | {
      readonly kind: "folder";
      /** With "/" at its end; "./" for the context itself. */
      readonly folder: string;
      /** "4,312 added, 1 changed". */
      readonly summary: string;
    };

/**
 * The changes of files as they are told: each of them, unless there are very many. Then a folder in which many names
 * have changes is one line.
 */
export function collapseFiles(changes: readonly ExplainedChange[]): readonly FileLine[] {
  return changes.length <= MOST_LINES ? changes.map(lineOf) : linesOf("", changes);
}

function linesOf(folder: string, changes: readonly ExplainedChange[]): readonly FileLine[] {
  const byName = new Map<string, ExplainedChange[]>();
  for (const change of changes) {
    const rest = pathOf(change).slice(folder.length);
    const name = rest.slice(0, rest.includes("/") ? rest.indexOf("/") + 1 : undefined);
    const known = byName.get(name);
    if (known === undefined) {
      byName.set(name, [change]);
    } else {
      known.push(change);
    }
  }
  if (byName.size > MOST_IN_FOLDER) {
    // What has many changes itself is worth a line of its own; the rest is one.
    const large = [...byName].filter(([name, inside]) => name.endsWith("/") && inside.length > MOST_IN_FOLDER);
    const rest = [...byName].flatMap(([name, inside]) => (large.some(([each]) => each === name) ? [] : inside));
    const shown = folder === "" ? "./" : showText(folder);
    return [
      ...large.map(([name, inside]) => folderLine(`${folder}${name}`, inside)),
      ...(rest.length > MOST_IN_FOLDER ? [folderLine(shown, rest)] : rest.map(lineOf)),
    ];
  }
  return [...byName].flatMap(([name, inside]) =>
    name.endsWith("/") && inside.length > 1 ? linesOf(`${folder}${name}`, inside) : inside.map(lineOf),
  );
}

function lineOf(change: ExplainedChange): FileLine {
  return { kind: "change", change };
}

function folderLine(folder: string, changes: readonly ExplainedChange[]): FileLine {
  const counts = (["added", "changed", "removed"] as const).flatMap((kind) => {
    const count = changes.filter(({ change }) => change === kind).length;
    return count === 0 ? [] : [`${count.toLocaleString("en")} ${kind}`];
  });
  return {
    kind: "folder",
    folder: showText(folder),
    summary: counts.join(", "),
  };
}

/** A folder's ends with "/" as well, so that it is with what is in it. */
function pathOf({ after, before }: ExplainedChange): string {
  const input = after ?? before;
  if (input === undefined || !("path" in input)) {
    return "";
  }
  return input.kind === "directory" ? `${input.path}/` : input.path;
}
