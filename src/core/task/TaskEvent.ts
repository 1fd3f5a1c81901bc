import type { PortBinding } from "../ports/ContainerTypes";
import type { OutputText } from "./decodeOutput";

/** Which step an event is about. */
export interface StepPlace {
  readonly part: "setup" | "task";
  /** From 0. */
  readonly index: number;
  /** Steps of this part. */
  readonly count: number;
  readonly name: string;
}

/** How a step ended. */
export type StepResult =
  | { readonly status: "succeeded"; readonly durationMs: number }
  | {
      readonly status: "failed";
      readonly exitCode: number;
      readonly durationMs: number;
      readonly outOfMemory: boolean;
      /** The task goes on all the same. */
      readonly ignored: boolean;
    }
  | {
      readonly status: "timed-out";
      readonly timeoutMs: number;
      readonly durationMs: number;
      /** The task goes on all the same. */
      readonly ignored: boolean;
    }
  /** "done": in an earlier try. "inputs": nothing that it depends on has changed. "earlier": a step before it failed. */
  | { readonly status: "skipped"; readonly why: "done" | "inputs" | "earlier" };

/** What happens while a task runs. */
export type TaskEvent =
  | {
      readonly type: "container";
      readonly id: string;
      readonly name: string;
      readonly ports: readonly PortBinding[];
      /** It was there already, with the same image and options. */
      readonly reused: boolean;
      /** Why one that was there could not be used, for people; undefined where there was none. */
      readonly replaced?: string | undefined;
      /** From the request until programs could run in it, in milliseconds. */
      readonly durationMs: number;
    }
  | {
      readonly type: "step-started";
      readonly step: StepPlace;
      readonly command: readonly string[];
    }
  | { readonly type: "step-ended"; readonly step: StepPlace; readonly result: StepResult }
  /** The task waits before a step until somebody goes on with it. */
  | { readonly type: "paused"; readonly step: StepPlace }
  | ({ readonly type: "output"; readonly step?: StepPlace | undefined } & OutputText)
  | {
      /** Files went into the container ("sync": those of the workspace that had changed) or came out of it. */
      readonly type: "transfer";
      readonly direction: "in" | "out" | "sync";
      readonly source: string;
      readonly target: string;
      readonly files: number;
      readonly bytes: number;
      readonly durationMs: number;
    }
  | {
      /** The container stays, for a look at it and another try. */
      readonly type: "kept";
      readonly id: string;
      readonly name: string;
      /** The one that failed; undefined where it was kept since that was asked for. */
      readonly step?: StepPlace | undefined;
    }
  | {
      /** Of the step that decides: the first one that failed, else the last. */
      readonly type: "exit";
      readonly code: number;
      readonly durationMs: number;
      readonly outOfMemory: boolean;
    }
  | { readonly type: "warning"; readonly message: string };
