import type { TaskConfiguration } from "../config/WorkspaceConfiguration";
import type { PreparedSpec } from "../container/spec/containerSpec";
import type { Workspace } from "../Workspace";
import type { BuildAndRunOptions } from "./buildAndRun";
import type { PhaseClock } from "./PhaseClock";

/** All that is known of a job when its container is needed. */
export interface RunJob {
  readonly options: BuildAndRunOptions;
  readonly workspace: Workspace;
  readonly image: {
    readonly reference: string;
    readonly imageId: string;
    readonly fingerprint: string | undefined;
  };
  readonly prepared: PreparedSpec;
  readonly work: TaskConfiguration;
  /** Name of the task; undefined for a command. */
  readonly task: string | undefined;
  readonly clock: PhaseClock;
}
