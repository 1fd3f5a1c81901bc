import { access, readdir } from "node:fs/promises";
import { join, posix } from "node:path";
import { AmbiguousDockerfileError } from "../../errors/configurationErrors";

const FOLDER = ".devcontainer";
const NAME = "devcontainer.json";
const AT_ROOT = `.${NAME}`;

/** Whether a path is one that the devcontainer specification gives to its files. */
export function isDevcontainerPath(path: string): boolean {
  return [NAME, AT_ROOT].includes(path.replaceAll("\\", "/").split("/").at(-1) ?? "");
}

/**
 * Looks for the folder's devcontainer.json in the places of the specification: .devcontainer/devcontainer.json, else
 * .devcontainer.json, else .devcontainer/NAME/devcontainer.json.
 *
 * @param preferred what was chosen earlier among several; taken when it is still there.
 * @returns its path in the folder, with "/", or undefined when there is none. Rejects with AmbiguousDockerfileError when
 *   there are several of the last kind.
 */
export async function findDevcontainer(folder: string, preferred?: string): Promise<string | undefined> {
  const { plain, named } = await readCandidates(folder);
  if (preferred !== undefined && [...plain, ...named].includes(preferred)) {
    return preferred;
  }
  const [first] = plain;
  if (first === undefined && named.length > 1) {
    throw new AmbiguousDockerfileError(named, NAME);
  }
  return first ?? named[0];
}

/** Every path that findDevcontainer takes as `preferred`, the one that it takes by itself first where there is one. */
export async function listDevcontainers(folder: string): Promise<readonly string[]> {
  const { plain, named } = await readCandidates(folder);
  return [...plain, ...named];
}

async function readCandidates(
  folder: string,
): Promise<{ readonly plain: readonly string[]; readonly named: readonly string[] }> {
  // A folder that is not there, or that cannot be looked into, has none.
  const names = await readdir(join(folder, FOLDER)).catch(() => []);
  const existing = async (paths: readonly string[]): Promise<readonly string[]> => {
    const found = await Promise.all(paths.map((path) => exists(join(folder, path))));
    return paths.filter((_, index) => found[index]);
  };
  return {
    plain: await existing([posix.join(FOLDER, NAME), AT_ROOT]),
    named: await existing(names.sort().map((name) => posix.join(FOLDER, name, NAME))),
  };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
