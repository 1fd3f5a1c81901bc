const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds since something was, for people: "just now", "5 min ago", "3 h ago", "12 days ago". */
export function formatAge(ms: number): string {
  // Also what lies ahead: the engine's clock is another one.
  if (ms < MINUTE) {
    return "just now";
  }
  if (ms < HOUR) {
    return `${String(Math.floor(ms / MINUTE))} min ago`;
  }
  if (ms < 2 * DAY) {
    return `${String(Math.floor(ms / HOUR))} h ago`;
  }
  return `${String(Math.floor(ms / DAY))} days ago`;
}
