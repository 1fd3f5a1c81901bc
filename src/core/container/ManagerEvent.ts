import type { ImageEvent, ImageResolution } from "../image/ImageResolution";
import type { StepPlace, StepResult } from "../task/TaskEvent";

/** A container of the workspace. */
export interface ManagedContainer {
  readonly id: string;
  readonly name: string;
}

/** What happens to a workspace's containers, as far as this process does it. */
export type ManagerEvent =
  /** While the image of a container is looked for, built or pulled. */
  | { readonly type: "image:progress"; readonly event: ImageEvent }
  /** "cached": nothing had to be built. */
  | { readonly type: "image:built" | "image:cached"; readonly resolution: ImageResolution }
  | {
      readonly type: "container:created" | "container:started" | "container:stopped" | "container:removed";
      readonly container: ManagedContainer;
    }
  | TaskProgress;

/** What a job tells of its task. */
export type TaskProgress =
  | { readonly type: "task:started"; readonly task: string | undefined; readonly container: ManagedContainer }
  | {
      readonly type: "task:step";
      readonly task: string | undefined;
      readonly step: StepPlace;
      /** Undefined when it begins. */
      readonly result: StepResult | undefined;
    }
  | {
      readonly type: "task:ended";
      readonly task: string | undefined;
      /** Undefined where it came to no end of its own: cancelled, or the engine lost. */
      readonly exitCode: number | undefined;
    };
