import type { RunningProgram } from "../ports/RunningProgram";
import type { StepTerminal } from "./StepTerminal";

/**
 * For programs that run in somebody's terminal. Shells that have a prompt of their own set it afterwards; the others know
 * no more of what can stand in one than variables.
 */
export const TERMINAL_ENV: Readonly<Record<string, string>> = { TERM: "xterm-256color", PS1: "slipway:$PWD$ " };

/** Brings what is typed, and the terminal's size, to a program. @returns what ends that. */
export function connectTerminal(program: RunningProgram, terminal: StepTerminal): () => void {
  let last = Promise.resolve();
  // One after the other, each when the one before is through. A program that has ended needs none of it, and whether the
  // engine is lost is found out where its output ends.
  const next = (action: () => Promise<void>): void => {
    last = last.then(action).catch(() => undefined);
  };
  const resize = (size = terminal.size()): void => {
    next(async () => program.resize(size));
  };
  resize();
  const ends = [
    terminal.onInput((data) => {
      next(async () => program.write(data));
    }),
    terminal.onResize(resize),
  ];
  return () => {
    ends.forEach((end) => {
      end();
    });
  };
}
