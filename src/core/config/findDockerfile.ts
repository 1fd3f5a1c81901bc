import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../errors/ExpectedError";
import { AmbiguousDockerfileError, WorkspaceError } from "../errors/configurationErrors";
import { readRegularFile } from "../readRegularFile";

const PLAIN = ["Dockerfile", "Containerfile", "dockerfile", "containerfile"];
const VARIANT = /^(?:(?:dockerfile|containerfile)\..+|.+\.(?:dockerfile|containerfile))$/i;
const IGNORE_FILE = /ignore$/i;

/**
 * Looks for the Dockerfile at the root of `folder`. One that is named just Dockerfile or Containerfile comes before
 * variants such as Dockerfile.dev; two plain ones with the same content count as one.
 *
 * @param preferred what was chosen earlier among several; taken when it is still there.
 * @returns its name, or undefined when there is none. Rejects with AmbiguousDockerfileError when there are several.
 */
export async function findDockerfile(folder: string, preferred?: string): Promise<string | undefined> {
  const { plain, variants } = await readCandidates(folder);
  if (preferred !== undefined && [...plain, ...variants].includes(preferred)) {
    return preferred;
  }
  const candidates = plain.length > 0 ? await distinct(folder, plain) : variants;
  if (candidates.length > 1) {
    throw new AmbiguousDockerfileError(candidates);
  }
  return candidates[0];
}

/** Every name that findDockerfile takes as `preferred`, plain ones first. */
export async function listDockerfiles(folder: string): Promise<readonly string[]> {
  const { plain, variants } = await readCandidates(folder);
  return [...plain, ...variants];
}

async function readCandidates(
  folder: string,
): Promise<{ readonly plain: readonly string[]; readonly variants: readonly string[] }> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new WorkspaceError(`The folder ${folder} cannot be read: ${messageOf(error)}`, { cause: error });
  });
  return {
    plain: PLAIN.filter((name) => names.includes(name)),
    variants: names.filter((name) => VARIANT.test(name) && !IGNORE_FILE.test(name)).sort(),
  };
}

/** Leaves out what has the same content as one before it: the same file on a file system that ignores case, or a link. */
async function distinct(folder: string, names: readonly string[]): Promise<readonly string[]> {
  if (names.length < 2) {
    return names;
  }
  const contents = await Promise.all(
    names.map((name) =>
      readRegularFile(join(folder, name))
        .then((content) => content.toString("latin1"))
        .catch(() => undefined),
    ),
  );
  return names.filter((_, index) => contents[index] === undefined || contents.indexOf(contents[index]) === index);
}
