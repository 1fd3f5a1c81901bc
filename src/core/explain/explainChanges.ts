import { inputIdentity, type BuildInput } from "../fingerprint/BuildInput";
import type { ChangeGroup, ExplainedChange } from "./Explanation";
import { countOf, showText } from "../showText";

const SHORT_ID = 12;

/** Every input that differs, in the order of `after`, with what was removed at the end. */
export function explainChanges(
  before: readonly BuildInput[],
  after: readonly BuildInput[],
): readonly ExplainedChange[] {
  const old = new Map(before.map((input) => [inputIdentity(input), input]));
  const changes: ExplainedChange[] = [];
  for (const input of after) {
    const identity = inputIdentity(input);
    const previous = old.get(identity);
    old.delete(identity);
    if (previous === undefined) {
      changes.push({ ...describe(input), change: "added", details: detailsOf(input), after: input });
    } else {
      const details = differences(previous, input);
      if (details.length > 0) {
        changes.push({ ...describe(input), change: "changed", details, before: previous, after: input });
      }
    }
  }
  for (const input of old.values()) {
    changes.push({ ...describe(input), change: "removed", details: detailsOf(input), before: input });
  }
  return changes;
}

function describe(input: BuildInput): { readonly group: ChangeGroup; readonly subject: string } {
  switch (input.kind) {
    case "dockerfile":
      return { group: "dockerfile", subject: showText(input.path) };
    case "target":
    case "platform":
      return { group: "options", subject: input.kind };
    case "arg":
      return { group: "arguments", subject: `ARG ${showText(input.name)}` };
    case "certificates":
      return { group: "options", subject: "CA certificates" };
    case "option":
      return { group: "options", subject: showText(input.name) };
    case "remote":
      return { group: "downloads", subject: showText(input.url) };
    case "base-image":
      return { group: "base-images", subject: showText(input.reference) };
    case "file":
    case "directory":
    case "symlink":
    case "fifo":
      return { group: "files", subject: `${showText(input.path)}${input.kind === "directory" ? "/" : ""}` };
  }
}

/** Of an input that came or went. */
function detailsOf(input: BuildInput): readonly string[] {
  switch (input.kind) {
    case "dockerfile":
    case "certificates":
    case "remote":
    case "directory":
      return [];
    case "option":
      // Of secrets and agents nothing but their names is an input.
      return input.value === "" ? [] : [showValue(input.value)];
    case "target":
    case "platform":
    case "arg":
      return [showValue(input.value)];
    case "base-image":
      return [input.imageId === null ? "not on this engine" : shortId(input.imageId)];
    case "file":
      return [countOf(input.size, "byte")];
    case "symlink":
      return [`link to ${showText(input.target)}`];
    case "fifo":
      return ["FIFO"];
  }
}

/** What is different between two inputs of the same identity; nothing if they are the same. */
function differences(before: BuildInput, after: BuildInput): readonly string[] {
  if (before.kind !== after.kind) {
    return [`was a ${nameOf(before)}, is a ${nameOf(after)}`];
  }
  const details: string[] = [];
  if (before.kind === "dockerfile" && after.kind === "dockerfile" && before.path !== after.path) {
    details.push(`was ${showText(before.path)}`);
  }
  if ("mode" in before && "mode" in after && before.mode !== after.mode) {
    details.push(`mode ${octal(before.mode)} -> ${octal(after.mode)}`);
  }
  if (before.kind === "symlink" && after.kind === "symlink" && before.target !== after.target) {
    details.push(`link to ${showText(before.target)} -> ${showText(after.target)}`);
  }
  if ("value" in before && "value" in after && before.value !== after.value) {
    details.push(`${showValue(before.value)} -> ${showValue(after.value)}`);
  }
  if ("imageId" in before && "imageId" in after && before.imageId !== after.imageId) {
    details.push(imageChange(before.imageId, after.imageId));
  }
  if ("sha256" in before && "sha256" in after && before.sha256 !== after.sha256) {
    details.unshift(contentChange(before, after));
  }
  return details;
}

function contentChange(before: BuildInput, after: BuildInput): string {
  if (!("size" in before) || !("size" in after)) {
    return "content";
  }
  return before.size === after.size
    ? `content, ${countOf(after.size, "byte")} as before`
    : `content, ${before.size.toLocaleString("en")} -> ${countOf(after.size, "byte")}`;
}

function imageChange(before: string | null, after: string | null): string {
  if (after === null) {
    const was = before === null ? "" : ` (it was ${shortId(before)})`;
    return `is not on this engine any more, or not for this platform${was}`;
  }
  return before === null ? `was not on this engine, is ${shortId(after)}` : `${shortId(before)} -> ${shortId(after)}`;
}

function shortId(imageId: string): string {
  return imageId.replace(/^\w+:/, "").slice(0, SHORT_ID);
}

function nameOf({ kind }: BuildInput): string {
  switch (kind) {
    case "directory":
      return "folder";
    case "symlink":
      return "link";
    case "fifo":
      return "FIFO";
    default:
      return kind;
  }
}

function octal(mode: number): string {
  return mode.toString(8).padStart(3, "0");
}

function showValue(value: string): string {
  return value === "" ? '""' : showText(value);
}
