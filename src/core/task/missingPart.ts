import { posix } from "node:path";
import type { ContainerEngine, CallOptions } from "../ports/ContainerEngine";

export interface MissingPartOptions extends CallOptions {
  readonly engine: ContainerEngine;
  readonly containerId: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
}

/** Where engines look for programs when nobody has said where. */
const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * What keeps a program from being run, for people: engines say that in many words, each in its own, or not at all.
 * Undefined where nothing is missing. To be asked only when something is.
 */
export async function missingPart(options: MissingPartOptions): Promise<string | undefined> {
  const { engine, containerId, command, env, workingDirectory, signal } = options;
  const program = command[0] ?? "";
  if (!(await leadsToFolder(options, workingDirectory))) {
    return `There is no folder ${workingDirectory} in the container.`;
  }
  if (program.includes("/")) {
    const path = posix.resolve(workingDirectory, program);
    const stat = await engine.statPath(containerId, path, { signal });
    return stat === undefined ? `There is no ${path} in the container.` : undefined;
  }
  const path = env["PATH"] ?? (await pathOf(options));
  for (const folder of path.split(":")) {
    const file = posix.resolve(workingDirectory, folder, program);
    if (program !== "" && (await engine.statPath(containerId, file, { signal })) !== undefined) {
      return undefined;
    }
  }
  return `There is no program ${JSON.stringify(program)} in the container (PATH is ${path}).`;
}

async function leadsToFolder({ engine, containerId, signal }: MissingPartOptions, path: string): Promise<boolean> {
  const stat = await engine.statPath(containerId, path, { signal });
  // Where a link leads to, the engine knows when it gets there.
  return stat?.kind === "directory" || stat?.kind === "symlink";
}

async function pathOf({ engine, containerId, signal }: MissingPartOptions): Promise<string> {
  const env = (await engine.inspectContainer(containerId, { signal }))?.env ?? [];
  return env.find((entry) => entry.startsWith("PATH="))?.slice("PATH=".length) ?? DEFAULT_PATH;
}
