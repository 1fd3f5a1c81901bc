/** Milliseconds for people: "9 ms", "1.4 s", "2 min 5 s". */
export function formatDuration(ms: number): string {
  // Each unit takes over where the one before would be rounded up to it: never "1000 ms" or "1 min 60 s".
  if (ms < 999.5) {
    return `${String(Math.round(ms))} ms`;
  }
  if (ms < 59_950) {
    return `${(ms / 1000).toFixed(1)} s`;
  }
  const seconds = Math.round(ms / 1000);
  return `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
}
