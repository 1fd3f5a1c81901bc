import { homedir, tmpdir, userInfo } from "node:os";
import { isAbsolute } from "node:path";

/**
 * The user's folder, always an absolute path: with an empty or relative HOME, what is looked for there would be found in
 * the workspace, whose authors are not to decide which engine is used.
 *
 * @param home as the environment has it
 */
export function homeFolder(home = homedir()): string {
  if (isAbsolute(home)) {
    return home;
  }
  try {
    const { homedir: own } = userInfo();
    return isAbsolute(own) ? own : tmpdir();
  } catch {
    // A user without an entry in the system's list, as in some containers.
    return tmpdir();
  }
}
