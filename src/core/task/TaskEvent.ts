import type { PortBinding } from "../ports/ContainerTypes";
import type { OutputText } from "./decodeOutput";

/** What happens while a task runs. */
export type TaskEvent =
  | {
      readonly type: "container";
      readonly id: string;
      readonly name: string;
      readonly ports: readonly PortBinding[];
      /** From the request until its program ran, in milliseconds. */
      readonly durationMs: number;
    }
  | ({ readonly type: "output" } & OutputText)
  | {
      readonly type: "exit";
      readonly code: number;
      readonly durationMs: number;
      readonly outOfMemory: boolean;
    }
  | { readonly type: "warning"; readonly message: string };
