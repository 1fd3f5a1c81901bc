import type { InputChange } from "../fingerprint/describeChanges";
import type { BuildEvent } from "../ports/BuildEvent";

/** Whether an image has to be built, and why. */
export interface ImageDecision {
  /**
   * fresh: an image with this very fingerprint is there. stale: there is one, made from other inputs. absent: there is
   * none. given: the configuration names a ready-made image.
   */
  readonly state: "fresh" | "stale" | "absent" | "given";
  /** A sentence for people: "fresh: 12 inputs unchanged", "src/app.js changed". */
  readonly reason: string;
  readonly changes: readonly InputChange[];
  readonly reference: string;
  /** Undefined for a ready-made image. */
  readonly fingerprint: string | undefined;
  readonly imageId: string | undefined;
}

/** The image to use, and how it came to be. */
export interface ImageResolution {
  readonly reference: string;
  readonly imageId: string;
  readonly fingerprint: string | undefined;
  readonly wasBuilt: boolean;
  /** It was built meanwhile by another process, which was waited for. */
  readonly waited?: boolean;
  readonly reason: string;
}

export type ImageEvent =
  | {
      readonly type: "decision";
      readonly decision: ImageDecision;
      readonly willBuild: boolean;
      readonly durationMs: number;
    }
  | { readonly type: "build"; readonly event: BuildEvent };

/** An event of the builder as one of the image. */
export function buildEvent(event: BuildEvent): ImageEvent {
  return { type: "build", event };
}

export function buildWarning(message: string): ImageEvent {
  return buildEvent({ type: "warning", message });
}
