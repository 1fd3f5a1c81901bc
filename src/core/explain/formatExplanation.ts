import { collapseFiles } from "./collapseFiles";
import {
  CHANGE_GROUPS,
  type ChangeGroup,
  type ComparedBuild,
  type CountedInputs,
  type ExplainedChange,
  type Explanation,
} from "./Explanation";
import { countOf } from "../showText";

const SHORT_FINGERPRINT = 12;

export interface FormatOptions {
  /** How a heading is written. */
  readonly heading: (text: string) => string;
}

/** "stale: src/app.js changed": the one line that `slipway status` writes. */
export function formatState({ decision: { state, reason } }: Pick<Explanation, "decision">): string {
  return reason.startsWith(`${state}:`) ? reason : `${state}: ${reason}`;
}

/** The whole explanation, for people. Every line ends with a line break. */
export function formatExplanation(explanation: Explanation, { heading }: FormatOptions): string {
  const { changes, counted, hints } = explanation;
  const groups = CHANGE_GROUPS.map((group) => ({ group, own: changes.filter((change) => change.group === group) }));
  const sections = [
    ...groups.map(({ group, own }) => ({ title: titleOf(group, own.length), lines: linesOf(group, own) })),
    { title: "What counts", lines: counted === undefined ? [] : countedLines(counted) },
    { title: "For fewer rebuilds", lines: hints },
  ];
  const told = sections.filter(({ lines }) => lines.length > 0);
  const parts = [
    introduction(explanation),
    ...told.map(({ title, lines }) => [heading(title), ...lines.map((line) => `  ${line}`)]),
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function introduction(explanation: Explanation): readonly string[] {
  const { decision, comparedWith, changes, builtAt } = explanation;
  const state = formatState(explanation);
  switch (decision.state) {
    case "given":
      return [state, "Nothing is built here, so nothing can make it stale."];
    case "fresh": {
      const since = builtAt === undefined ? "" : `, which was built on ${timeOf(builtAt)}`;
      return [state, `Everything that counts is as it was for the image${since}.`];
    }
    case "stale":
    case "absent":
      return [state, ...comparison(comparedWith, changes.length, decision.fingerprint)];
  }
}

function comparison(
  comparedWith: ComparedBuild | undefined,
  changes: number,
  fingerprint: string | undefined,
): readonly string[] {
  if (fingerprint === undefined) {
    return ["It is pulled when it is needed. Nothing is built here."];
  }
  if (comparedWith === undefined) {
    return [
      "Nothing is written down of an earlier build of this workspace on this engine, so there is nothing to compare with. " +
        "What will be compared with the next time is below.",
    ];
  }
  const { lastUsed, inputs } = comparedWith;
  const used = lastUsed === undefined ? "" : `, last used on ${timeOf(lastUsed)}`;
  const image = `the image of ${countOf(inputs, "input")}${used} (${comparedWith.fingerprint.slice(0, SHORT_FINGERPRINT)})`;
  if (comparedWith.fingerprint === fingerprint) {
    return [`Nothing has changed since ${image}, but it is not on this engine any more.`];
  }
  return changes === 0
    ? [`Nothing has changed since ${image}, but another version of Slipway made it, which counted in another way.`]
    : [`Compared with ${image} there ${changes === 1 ? "is" : "are"} ${countOf(changes, "difference")}.`];
}

function titleOf(group: ChangeGroup, count: number): string {
  switch (group) {
    case "dockerfile":
      return "Dockerfile";
    case "options":
      return "Options";
    case "arguments":
      return "Build arguments";
    case "base-images":
      return "Base images";
    case "downloads":
      return "Downloads";
    case "files":
      return `Files (${count.toLocaleString("en")})`;
  }
}

function linesOf(group: ChangeGroup, changes: readonly ExplainedChange[]): readonly string[] {
  if (group !== "files") {
    return changes.map(changeLine);
  }
  const lines = collapseFiles(changes).map((line) =>
    line.kind === "change" ? changeLine(line.change) : `several  ${line.folder}: ${line.summary}`,
  );
  return lines.length === changes.length ? lines : [...lines, "(slipway status --explain --json names each of them)"];
}

/** A change in one line, without indentation. */
export function changeLine({ change, subject, details }: ExplainedChange): string {
  const detail = details.length === 0 ? "" : `: ${details.join("; ")}`;
  return `${change.padEnd("removed".length)}  ${subject}${detail}`;
}

function countedLines(counted: CountedInputs): readonly string[] {
  const settings = [
    counted.dockerfile,
    ...someOf(counted.arguments, "build argument"),
    ...someOf(counted.options, "option"),
    ...someOf(counted.baseImages, "base image"),
  ];
  const { ignoreFile } = counted;
  return [
    settings.join(", "),
    contextLine(counted),
    ...reasonLines(counted),
    ignoreFile === undefined ? "There is no .dockerignore." : `${ignoreFile} says what of the context never counts.`,
  ];
}

/** "9 files (48,211 bytes), 2 folders in the workspace's folder, which has 31 files that are not ignored". */
function contextLine({ files, bytes, folders, links, fifos, inContext, context }: CountedInputs): string {
  const entries = [
    `${countOf(files, "file")} (${countOf(bytes, "byte")})`,
    countOf(folders, "folder"),
    ...someOf(links, "link"),
    ...someOf(fifos, "FIFO"),
  ];
  const place = context === "." ? "the workspace's folder" : `the build context ${context}`;
  const all = `which has ${countOf(inContext, "file that is not ignored", "files that are not ignored")}`;
  return `${entries.join(", ")} in ${place}${files + links + fifos === inContext ? "" : `, ${all}`}`;
}

function someOf(count: number, one: string): readonly string[] {
  return count === 0 ? [] : [countOf(count, one)];
}

function reasonLines({ dockerfile, reasons }: CountedInputs): readonly string[] {
  if (reasons.kind === "all") {
    return reasons.doubts.length === 0
      ? ["The whole context counts."]
      : reasons.doubts.map(({ line, reason }) => {
          const where = line === undefined ? "" : ` (${dockerfile}:${String(line)})`;
          return `The whole context counts, since ${reason}${where}.`;
        });
  }
  return reasons.lines.length === 0
    ? ["No line of the Dockerfile takes anything from the context."]
    : reasons.lines.map(({ line, instruction, entries, bytes }) => {
        const taken =
          entries === 0
            ? "nothing that is there"
            : `${countOf(entries, "entry", "entries")}, ${countOf(bytes, "byte")}`;
        return `${dockerfile}:${String(line)} takes ${taken}: ${instruction}`;
      });
}

/** By this machine's clock and time zone, to the minute. */
function timeOf(milliseconds: number): string {
  const date = new Date(milliseconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
