import type * as vscode from "vscode";
import type { JobEvent } from "../../core/job/JobEvent";
import type { ContainerEngine } from "../../core/ports/ContainerEngine";
import type { StepPlace } from "../../core/task/TaskEvent";
import type { EditorTerminal } from "../terminals/EditorTerminal";

export interface Job {
  readonly folder: vscode.WorkspaceFolder;
  /** What is run: "test". */
  readonly name: string;
  /** For the notification: "Running test". */
  readonly title: string;
  /** The task of slipway.json; undefined for an image, or the image's own command. */
  readonly task: string | undefined;
  /** Where it runs, and says all that it says, instead of in the output channel. */
  readonly terminal?: EditorTerminal | undefined;
  readonly start: (engine: ContainerEngine, signal: AbortSignal) => AsyncIterable<JobEvent>;
}

/** What is known of a job that runs, or that has ended. */
export interface JobState {
  /** In which it runs. */
  container?: { readonly id: string; readonly name: string } | undefined;
  /** Its container stays since it has failed here, or was stopped at a pause. */
  failedAt?: StepPlace | undefined;
  exit?: { readonly code: number; readonly outOfMemory: boolean } | undefined;
}
