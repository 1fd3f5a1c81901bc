import type { ExpectedError } from "../../errors/ExpectedError";
import { messageOf } from "../../errors/ExpectedError";
import { BuildContextError, ContextChangedError } from "../../errors/imageErrors";
import type { PackedTable } from "./packTable";
import type { ScanRequest } from "./ScanRequest";
import type { KeptSnapshot } from "./SnapshotKeeper";

/** What the worker thread is asked to do. */
export type WorkerRequest =
  | {
      readonly kind: "scan";
      readonly id: number;
      readonly request: ScanRequest;
      /** One 32-bit number, which stops being 0 when the scan is to end. */
      readonly abort: SharedArrayBuffer;
    }
  | { readonly kind: "table"; readonly id: number; readonly snapshot: number; readonly root: string }
  | { readonly kind: "release"; readonly snapshot: number }
  | { readonly kind: "unwatch"; readonly watch: string };

/** What it answers, by the request's ID. */
export type WorkerAnswer =
  | { readonly kind: "snapshot"; readonly id: number; readonly snapshot: KeptSnapshot }
  | { readonly kind: "table"; readonly id: number; readonly table: PackedTable }
  | { readonly kind: "failure"; readonly id: number; readonly failure: WorkerFailure }
  /** Nothing more is done for the scan: what was to be written down is. */
  | { readonly kind: "settled"; readonly id: number };

/** An error as plain data: what is thrown in another thread comes without its class. */
export type WorkerFailure =
  | { readonly kind: "context"; readonly path: string; readonly message: string }
  | { readonly kind: "changed"; readonly path: string }
  | { readonly kind: "aborted" }
  | { readonly kind: "bug"; readonly message: string; readonly stack: string | undefined };

export function toFailure(error: unknown): WorkerFailure {
  if (error instanceof BuildContextError) {
    return { kind: "context", path: error.path, message: error.message };
  }
  if (error instanceof ContextChangedError) {
    return { kind: "changed", path: error.path };
  }
  return { kind: "bug", message: messageOf(error), stack: error instanceof Error ? error.stack : undefined };
}

export function fromFailure(failure: Exclude<WorkerFailure, { kind: "aborted" }>): ExpectedError | Error {
  switch (failure.kind) {
    case "context":
      return new BuildContextError(failure.path, failure.message.slice(`${failure.path}: `.length));
    case "changed":
      return new ContextChangedError(failure.path);
    case "bug": {
      const error = new Error(failure.message);
      error.stack = failure.stack ?? error.stack ?? "";
      return error;
    }
  }
}
