import { join } from "node:path";
import { IgnoreMatcher } from "../dockerignore/IgnoreMatcher";
import { InvalidPatternError } from "../dockerignore/InvalidPatternError";
import { parseDockerignore } from "../dockerignore/parseDockerignore";
import { messageOf } from "../errors/ExpectedError";
import { BuildContextError, ContextChangedError } from "../errors/imageErrors";
import { CopyInError } from "../errors/transferErrors";
import type { ContextScanner, ContextSnapshot } from "../fingerprint/scan/ContextScanner";
import { startOver } from "../fingerprint/startOver";
import { readRegularFile } from "../readRegularFile";
import type { Workspace } from "../Workspace";
import { STAGING_PATTERN } from "./StagingFolder";

/** Says what of a workspace is not copied into containers, as .dockerignore does for builds. */
const IGNORE_FILE = ".slipwayignore";

export interface ScanWorkspaceOptions {
  readonly workspace: Workspace;
  readonly cacheFolder: string;
  readonly scanner: ContextScanner;
  readonly signal?: AbortSignal | undefined;
}

/** Everything in a workspace but what its .slipwayignore leaves out. Rejects with CopyInError. */
export async function scanWorkspace(options: ScanWorkspaceOptions): Promise<ContextSnapshot> {
  const { workspace, cacheFolder, scanner, signal } = options;
  const ignore = [...(await readIgnorePatterns(workspace.folder)), STAGING_PATTERN];
  const request = {
    ...{ root: workspace.folder, ignore, selection: { kind: "all" as const, doubts: [] } },
    cache: { folder: join(cacheFolder, "contexts", workspace.id), name: "workspace" },
  };
  try {
    return await startOver(async () => scanner.scan(request, { signal }));
  } catch (error) {
    throw toCopyInError(error);
  }
}

/** The words of a scan are those of builds, which have another file for what they leave out. */
export function toCopyInError(error: unknown): unknown {
  if (error instanceof ContextChangedError) {
    const detail = `it changed while it was copied. Run this again once nothing changes it, or name it in ${IGNORE_FILE}.`;
    return new CopyInError(error.path, detail, { cause: error });
  }
  if (error instanceof BuildContextError) {
    const detail = error.message.replace(`${error.path}: `, "").replaceAll(".dockerignore", IGNORE_FILE);
    return new CopyInError(error.path, detail, { cause: error });
  }
  return error;
}

async function readIgnorePatterns(folder: string): Promise<readonly string[]> {
  const file = join(folder, IGNORE_FILE);
  try {
    const patterns = parseDockerignore((await readRegularFile(file)).toString("utf8"));
    // Says whether they are valid.
    new IgnoreMatcher(patterns);
    return patterns;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return [];
    }
    const detail =
      error instanceof InvalidPatternError
        ? `"${error.pattern}" in ${IGNORE_FILE} is not a valid pattern. Correct or remove that line.`
        : `${IGNORE_FILE} cannot be read (${messageOf(error)}). Make it readable, or remove it.`;
    throw new CopyInError("The workspace", detail, { cause: error });
  }
}
