import type { ImageEvent, ImageResolution } from "../image/ImageResolution";
import type { TaskEvent } from "../task/TaskEvent";

/** The parts of a job, in their order. "check": is the image fresh? */
export type JobPhase = "check" | "build" | "start" | "run";

/** Everything that happens from the click to the exit code. Editor and CLI only show these. */
export type JobEvent =
  | ImageEvent
  | { readonly type: "image"; readonly resolution: ImageResolution }
  | TaskEvent
  | {
      /** The last event of a job that came to its end. */
      readonly type: "summary";
      readonly wasBuilt: boolean;
      readonly reason: string;
      /** Undefined when only an image was asked for. */
      readonly exitCode: number | undefined;
      readonly phases: readonly { readonly phase: JobPhase; readonly durationMs: number }[];
      readonly totalMs: number;
    };
