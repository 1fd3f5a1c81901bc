import type { StepTerminal } from "../core/task/StepTerminal";

const SMALLEST = { columns: 80, rows: 24 };

/** The terminal that this process runs in; undefined where stdin or stdout is none. */
export function ownTerminal(): StepTerminal | undefined {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) {
    return undefined;
  }
  const size = (): { readonly columns: number; readonly rows: number } =>
    // Some say 0 where nobody has told them.
    stdout.columns > 0 && stdout.rows > 0 ? { columns: stdout.columns, rows: stdout.rows } : SMALLEST;
  return {
    size,
    onInput: (listener) => {
      // Keys such as Ctrl-C are the program's own while it listens.
      stdin.setRawMode(true);
      stdin.on("data", listener);
      stdin.resume();
      return () => {
        stdin.off("data", listener);
        stdin.pause();
        stdin.setRawMode(false);
      };
    },
    onResize: (listener) => {
      const resized = (): void => {
        listener(size());
      };
      stdout.on("resize", resized);
      return () => {
        stdout.off("resize", resized);
      };
    },
  };
}
