import type { ContainerEngine } from "../../ports/ContainerEngine";
import { decodeOutput } from "../../task/decodeOutput";
import type { ContainerMarks, Mark } from "./ContainerMarks";
import { NO_SLEEP } from "./keepAlive";

export interface EndsByItselfOptions {
  readonly engine: ContainerEngine;
  readonly marks: ContainerMarks;
  /** What is there of them. */
  readonly present: readonly Mark[];
  readonly id: string;
  /** Whether this process has made it: then it is asked, and what it says is put down for others. */
  readonly isNew: boolean;
}

/** Whether a warm container ends when nothing has run in it for long: one without `sleep` cannot. */
export async function endsByItself({ engine, marks, present, id, isNew }: EndsByItselfOptions): Promise<boolean> {
  if (!isNew) {
    return !present.some((mark) => mark.kind === "nosleep" && mark.id === id);
  }
  let said = "";
  for await (const { text } of decodeOutput(engine.containerLogs(id, { follow: false }))) {
    said += text;
  }
  if (!said.startsWith(NO_SLEEP)) {
    return true;
  }
  await marks.put("nosleep", { id });
  return false;
}
