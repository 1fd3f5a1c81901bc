/** Where a person reads what a job says: an output channel, or a terminal. */
export interface TextSink {
  /** Something that Slipway says, on a line of its own whatever was written before. */
  line(text: string): void;
  /** Text of programs, as it is. @returns what is to be waited for before there is more, so that nothing else has to wait. */
  append(text: string): Promise<void> | undefined;
  /** Brings it to the front, and leaves the keyboard where it is. */
  show(): void;
}
