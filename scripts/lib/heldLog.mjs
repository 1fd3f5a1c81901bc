/**
 * A log for what goes on in the background: it keeps its lines until somebody waits for them, and passes them on at
 * once from then on.
 * @param {(line: string) => void} log
 */
export function holdLog(log) {
  let held = [];
  return {
    log: (line) => void (held ? held.push(line) : log(line)),
    letGo() {
      for (const line of held ?? []) log(line);
      held = undefined;
    },
  };
}
