/** How one step has ended. */
export interface StepEnd {
  readonly exitCode: number;
  readonly durationMs: number;
  readonly outOfMemory: boolean;
  /** It was stopped since it took too long; the exit code is of no account then. */
  readonly timedOut: boolean;
}
