import { createHash } from "node:crypto";
import { join } from "node:path";
import type { SetupConfiguration } from "../config/WorkspaceConfiguration";
import { InvalidPatternError } from "../dockerignore/InvalidPatternError";
import { IgnoreMatcher } from "../dockerignore/IgnoreMatcher";
import { parseDockerignore } from "../dockerignore/parseDockerignore";
import { WorkspaceError } from "../errors/configurationErrors";
import type { ContextScanner } from "../fingerprint/scan/ContextScanner";
import { sharedScanner } from "../fingerprint/scan/sharedScanner";
import type { Workspace } from "../Workspace";
import { stepDigest } from "./stepDigest";

export interface SetupDigestOptions {
  readonly steps: readonly SetupConfiguration[];
  readonly workspace: Workspace;
  readonly cacheFolder: string;
  /** What the steps are given besides what they say themselves, such as the task's variables; it counts, too. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly scanner?: ContextScanner | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Raised when the same inputs are to give another digest. */
const HEADING = "slipway set-up 1";

/**
 * Of all that decides what set-up steps do: the steps themselves, and the content of their inputs in the workspace, as of
 * a build context (content, mode, links; no times). In hexadecimal. Patterns are those of an ignore file: "*", "**", "?",
 * "[…]", a folder is all that is in it, and "!" in front takes something out again. Rejects with WorkspaceError for a bad
 * pattern, with BuildContextError for a file that cannot be read.
 */
export async function setupDigest(options: SetupDigestOptions): Promise<string> {
  const { steps, workspace, cacheFolder, env = {}, scanner = sharedScanner(), signal } = options;
  signal?.throwIfAborted();
  const variables = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash("sha256").update(JSON.stringify([HEADING, steps.map(stepDigest), variables]));
  const inputs = steps.flatMap((step) => step.inputs ?? []);
  if (inputs.length === 0) {
    return hash.digest("hex");
  }
  const snapshot = await scanner.scan(
    {
      root: workspace.folder,
      ignore: selecting(inputs),
      selection: { kind: "all", doubts: [] },
      cache: { folder: join(cacheFolder, "setup", workspace.id), name: "inputs" },
    },
    { signal },
  );
  snapshot.release();
  return hash.update(JSON.stringify([inputs, snapshot.digest])).digest("hex");
}

/** An ignore file that leaves out everything else. */
function selecting(inputs: readonly string[]): readonly string[] {
  const lines = inputs.map((input) => (input.startsWith("!") ? input.slice(1) : `!${input}`));
  const ignore = parseDockerignore(["**", ...lines].join("\n"));
  try {
    new IgnoreMatcher(ignore);
  } catch (error) {
    if (!(error instanceof InvalidPatternError)) {
      throw error;
    }
    throw new WorkspaceError(
      `setup.inputs in slipway.json: ${error.message.replace('ignore pattern "!', 'pattern "')}. Correct it.`,
      { cause: error },
    );
  }
  return ignore;
}
