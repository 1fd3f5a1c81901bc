/** Docker 28.5's: the newest one that Slipway has been tested with. */
const NEWEST_API_VERSION = "1.51";

/**
 * The version of the Docker Engine API to ask an engine for whose newest is `newest`: without one in the path it answers
 * in that, which may mean something else next year.
 */
export function chooseApiVersion(newest: string): string {
  return isNewer(newest, NEWEST_API_VERSION) ? NEWEST_API_VERSION : newest;
}

function isNewer(a: string, b: string): boolean {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA > majorB || (majorA === majorB && minorA > minorB);
}
