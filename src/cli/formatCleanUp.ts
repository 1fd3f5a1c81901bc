import type { CleanUpOutcome } from "../core/image/list/cleanUpImages";
import { describeKeepReason } from "../core/image/list/describeKeepReason";
import { formatSize } from "../core/image/list/formatSize";
import { shortId } from "../core/image/list/WorkspaceImage";

/** A line for people. */
export function formatOutcome(outcome: CleanUpOutcome): string {
  const { kind, image } = outcome;
  const what = `${shortId(image.id)}  ${image.name ?? "<none>"}`;
  switch (kind) {
    case "removed":
      return `removed       ${what}  (${formatSize(image.sizeBytes)})`;
    case "would-remove":
      return `would remove  ${what}  (${formatSize(image.sizeBytes)})`;
    case "gone":
      return `gone already  ${what}`;
    case "kept":
      return `kept          ${what}  (${describeKeepReason(outcome.reason)})`;
    case "failed":
      return `failed        ${what}  (${outcome.message})`;
  }
}

/** A line for programs. */
export function formatOutcomeAsJson(outcome: CleanUpOutcome): string {
  const { kind: type, image } = outcome;
  const { id, name, state, sizeBytes } = image;
  const more =
    outcome.kind === "kept"
      ? { reason: outcome.reason }
      : outcome.kind === "failed"
        ? { message: outcome.message }
        : undefined;
  return JSON.stringify({ type, id, name, state, sizeBytes, ...more });
}

/** What a clean-up has come to, in a sentence for people. */
export function formatCleanUp(outcomes: readonly CleanUpOutcome[]): string {
  if (outcomes.length === 0) {
    return "this workspace has no images: there is nothing to remove";
  }
  const gone = outcomes.filter(({ kind }) => kind === "removed" || kind === "would-remove");
  const kept = countOf(outcomes.filter(({ kind }) => kind === "kept").length);
  if (gone.length === 0) {
    return `nothing to remove, ${kept} kept`;
  }
  const bytes = gone.reduce((sum, { image }) => sum + image.sizeBytes, 0);
  const verb = gone.some(({ kind }) => kind === "would-remove") ? "would be removed" : "removed";
  // Images share layers, which stay as long as one of them does.
  return `${countOf(gone.length)} ${verb} (${formatSize(bytes)}, less the layers that others share), ${kept} kept`;
}

function countOf(images: number): string {
  return images === 1 ? "1 image" : `${String(images)} images`;
}
