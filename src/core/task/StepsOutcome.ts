import type { StepPlace } from "./TaskEvent";

/** How the step that decides has ended: the first one that failed, else the last. */
export interface StepsExit {
  /** 0 after success; of a step that took too long 124, as timeout(1) has it. */
  readonly code: number;
  readonly durationMs: number;
  readonly outOfMemory: boolean;
}

/** What became of a list of steps. */
export type StepsOutcome =
  | { readonly kind: "succeeded"; readonly exit: StepsExit }
  | {
      readonly kind: "failed";
      readonly step: StepPlace;
      /** This many of the first steps need not run again. */
      readonly completed: number;
      readonly exit: StepsExit;
    }
  /** Somebody said so at a pause; `step` has not begun. */
  | { readonly kind: "stopped"; readonly step: StepPlace; readonly completed: number };
