import type { OutputText } from "./decodeOutput";
import type { StepPlace, TaskEvent } from "./TaskEvent";

/** Its text is made when it is asked for, as that of the piece. */
export function outputEvent(step: StepPlace, piece: OutputText): TaskEvent {
  const { stream, data } = piece;
  return {
    type: "output",
    step,
    stream,
    data,
    get text() {
      return piece.text;
    },
  };
}
