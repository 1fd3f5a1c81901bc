import { compareVersions } from "../compareVersions";

/** Docker 28.5's: the newest one that Slipway has been tested with. */
const NEWEST_API_VERSION = "1.51";

/**
 * The version of the Docker Engine API to ask an engine for whose newest is `newest`: without one in the path it answers
 * in that, which may mean something else next year.
 */
export function chooseApiVersion(newest: string): string {
  return compareVersions(newest, NEWEST_API_VERSION) > 0 ? NEWEST_API_VERSION : newest;
}
