import type { ImageEvent, ImageResolution } from "../image/ImageResolution";
import type { TaskEvent } from "../task/TaskEvent";

/**
 * The parts of a job, in their order. "check": is the image fresh? "pull": of an image that is used as it
 * is. "wait": for another process that builds the same image. "start": the container, "run": the task's steps.
 */
export type JobPhase =
  "check" | "pull" | "wait" | "build" | "provision" | "start" | "copy-in" | "setup" | "run" | "copy-out";

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
      /** The command was killed since the container, or the machine, had no memory left. */
      readonly outOfMemory: boolean;
      readonly phases: readonly { readonly phase: JobPhase; readonly durationMs: number }[];
      readonly totalMs: number;
    };
