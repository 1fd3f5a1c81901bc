import type { StepConfiguration } from "../config/WorkspaceConfiguration";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { StepTerminal } from "./StepTerminal";
import type { StepPlace } from "./TaskEvent";

/** What runs, wherever it does. */
export interface StepListOptions {
  readonly engine: ContainerEngine;
  readonly part: "setup" | "task";
  readonly steps: readonly StepConfiguration[];
  /** This many of the first steps were done in an earlier try. */
  readonly completed?: number | undefined;
  /** Besides the container's, and before it; what a step says itself comes before this. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Who is asked at a pause; without, pauses are passed over. */
  readonly pause?: ((step: StepPlace, signal: AbortSignal | undefined) => Promise<"continue" | "stop">) | undefined;
  /** How long a step that is stopped may take to end by itself before it is killed; undefined is two seconds. */
  readonly graceMs?: number | undefined;
  /** Steps run in it, with its input; all output is stdout then. */
  readonly terminal?: StepTerminal | undefined;
  readonly signal?: AbortSignal | undefined;
}
