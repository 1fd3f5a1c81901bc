import type { CollectedInputs } from "../fingerprint/collectBuildInputs";
import { compareInputs, describeChanges } from "../fingerprint/describeChanges";
import type { ImageDecision } from "./ImageResolution";
import type { PreviousImage } from "./previousImage";

export interface DecideOptions {
  readonly collected: Pick<CollectedInputs, "fingerprint" | "inputs"> & {
    readonly snapshot: Pick<CollectedInputs["snapshot"], "count">;
  };
  /** Whether an image with this fingerprint is there. */
  readonly found: boolean;
  /** Undefined where there was none. */
  readonly previous: PreviousImage | undefined;
  readonly force?: boolean | undefined;
  readonly noCache?: boolean | undefined;
}

/** Whether the image is fresh, and the sentence that says why or why not. */
export async function decideImage(
  options: DecideOptions,
): Promise<Pick<ImageDecision, "state" | "reason" | "changes">> {
  const { collected, found, previous } = options;
  if (found) {
    const reason =
      options.noCache === true
        ? "a rebuild without cache was asked for"
        : options.force === true
          ? "a rebuild was asked for"
          : `fresh: ${String(collected.inputs.length + collected.snapshot.count)} inputs unchanged`;
    return { state: "fresh", reason, changes: [] };
  }
  if (previous === undefined) {
    return { state: "absent", reason: "there is no image yet", changes: [] };
  }
  if (previous === "unknown") {
    const reason = "the image that is there was made from something else, of which nothing is written down here";
    return { state: "stale", reason, changes: [] };
  }
  if (previous.fingerprint === collected.fingerprint || !previous.stillThere) {
    return { state: "absent", reason: "the image is not there any more", changes: [] };
  }
  const changes = await compareInputs(previous.differing.before, previous.differing.after);
  // The fingerprint's format is another one since Slipway was updated.
  const reason = changes.length === 0 ? "the image was made by another version of Slipway" : describeChanges(changes);
  return { state: "stale", reason, changes };
}
