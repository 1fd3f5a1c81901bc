import type { TaskEvent } from "../task/TaskEvent";

/** What copying tells: each thing that was copied, and what was left out. */
export type TransferEvent = Extract<TaskEvent, { readonly type: "transfer" | "warning" }>;

/** Who is to own what is put into a container, in the container's own numbers. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}
