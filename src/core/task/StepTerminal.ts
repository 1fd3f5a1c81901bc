import type { TerminalSize } from "../ports/ContainerTypes";

/** Somebody's terminal, in which steps run: that of the CLI, or one of the editor. */
export interface StepTerminal {
  /** At this moment. */
  readonly size: () => TerminalSize;
  /** What is typed, as it is typed. @returns what ends the listening. */
  readonly onInput: (listener: (data: Uint8Array) => void) => () => void;
  /** @returns what ends the listening. */
  readonly onResize: (listener: (size: TerminalSize) => void) => () => void;
}
