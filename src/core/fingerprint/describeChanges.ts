import { TimeSlices } from "../TimeSlices";
import { inputIdentity, type BuildInput } from "./BuildInput";

/** One difference between the inputs of two builds. */
export interface InputChange {
  readonly change: "added" | "removed" | "changed";
  /** For people: "src/app.js", "ARG VERSION", "base image node:20". */
  readonly subject: string;
  /** For people, where there is something to say: "1.2 -> 1.3". */
  readonly detail?: string;
}

/**
 * What changed from `before` to `after`, in the order of `after`, with what was removed at the end. Of long lists, a few
 * are compared at a time, so that nothing else has to wait.
 */
export async function compareInputs(
  before: readonly BuildInput[],
  after: readonly BuildInput[],
): Promise<readonly InputChange[]> {
  const slices = new TimeSlices();
  const old = new Map<string, BuildInput>();
  for (const input of before) {
    const pause = slices.pause();
    if (pause !== undefined) {
      await pause;
    }
    old.set(inputIdentity(input), input);
  }
  const changes: InputChange[] = [];
  for (const input of after) {
    const pause = slices.pause();
    if (pause !== undefined) {
      await pause;
    }
    const previous = old.get(inputIdentity(input));
    old.delete(inputIdentity(input));
    if (previous === undefined) {
      changes.push({ change: "added", subject: subjectOf(input) });
    } else if (JSON.stringify(previous) !== JSON.stringify(input)) {
      changes.push({ change: "changed", subject: subjectOf(input), ...detailOf(previous, input) });
    }
  }
  return [...changes, ...[...old.values()].map((input) => ({ change: "removed" as const, subject: subjectOf(input) }))];
}

const MOST_NAMED = 3;

/** A sentence without its subject: "src/app.js changed, ARG VERSION changed (1.2 -> 1.3) and 4 more". */
export function describeChanges(changes: readonly InputChange[]): string {
  const telling = withoutRepetition(changes);
  const named = telling.slice(0, MOST_NAMED).map(({ change, subject, detail }) => {
    return `${subject} ${change}${detail === undefined ? "" : ` (${detail})`}`;
  });
  const rest = telling.length - named.length;
  return `${named.join(", ")}${rest > 0 ? ` and ${String(rest)} more` : ""}`;
}

/**
 * Folders that came or went with a file in them say nothing that the file does not. The Dockerfile is an input of its
 * own and usually also a file of the context.
 */
function withoutRepetition(changes: readonly InputChange[]): readonly InputChange[] {
  const folders = new Set<string>();
  for (const { subject } of changes) {
    for (let end = subject.lastIndexOf("/"); end > 0 && !folders.has(subject.slice(0, end));) {
      folders.add(subject.slice(0, end));
      end = subject.lastIndexOf("/", end - 1);
    }
  }
  const seen = new Set<string>();
  return changes.filter(({ change, subject }) => {
    const repeated = seen.has(subject);
    seen.add(subject);
    return !repeated && (change === "changed" || !folders.has(subject));
  });
}

function subjectOf(input: BuildInput): string {
  switch (input.kind) {
    case "dockerfile":
      return input.path;
    case "target":
      return `target ${input.value}`;
    case "platform":
      return `platform ${input.value}`;
    case "arg":
      return `ARG ${input.name}`;
    case "certificates":
      return "CA certificates";
    case "option":
      return input.name;
    case "remote":
      return input.url;
    case "base-image":
      return `base image ${input.reference}`;
    case "file":
    case "directory":
    case "symlink":
    case "fifo":
      return input.path;
  }
}

function detailOf(before: BuildInput, after: BuildInput): { readonly detail?: string } {
  const detail = ((): string | undefined => {
    if (before.kind === "dockerfile" && after.kind === "dockerfile" && before.path !== after.path) {
      return `was ${before.path}`;
    }
    if ((before.kind === "arg" && after.kind === "arg") || (before.kind === "target" && after.kind === "target")) {
      return `${before.value} -> ${after.value}`;
    }
    if (before.kind === "option" && after.kind === "option") {
      return `${before.value} -> ${after.value}`;
    }
    if (before.kind === "platform" && after.kind === "platform") {
      return `${before.value} -> ${after.value}`;
    }
    if (after.kind === "base-image" && after.imageId === null) {
      return "it is not on this engine, or not for this platform";
    }
    if (before.kind !== after.kind) {
      return `was a ${before.kind}`;
    }
    if ("mode" in before && "mode" in after && before.mode !== after.mode) {
      return `mode ${before.mode.toString(8)} -> ${after.mode.toString(8)}`;
    }
    return undefined;
  })();
  return detail === undefined ? {} : { detail };
}
