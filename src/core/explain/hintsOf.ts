import type { ContextEntry } from "../ports/BuildContext";
import type { ExplainedChange } from "./Explanation";
import { showText } from "../showText";
import type { LineSelection } from "./takenByLines";

/** What tools write into a workspace, and images hardly ever need. Names of files and folders, at any depth. */
const WRITTEN_BY_TOOLS = new Set([
  ...[".git", ".hg", ".svn", ".idea", ".vscode", ".vs", ".DS_Store", "Thumbs.db"],
  ...["node_modules", ".npm", ".yarn", ".pnpm-store", ".venv", "venv", "__pycache__", ".tox"],
  ...["coverage", ".nyc_output", "htmlcov", ".coverage", "junit.xml", "test-results", "playwright-report"],
  ...[".pytest_cache", ".mypy_cache", ".ruff_cache", ".cache", ".parcel-cache", ".turbo", ".gradle"],
  ...["logs", "tmp", ".tmp"],
]);
const WRITTEN_BY_TOOLS_PATTERN = /(?:\.log|\.tmp|\.swp|\.pyc|\.tsbuildinfo|~)$/;

/** These say how an image is built; a part of it they are only where everything is copied. */
const ABOUT_THE_BUILD =
  /^(?:slipway\.json|devcontainer\.json|\.devcontainer|(?:.*\.)?(?:dockerignore|containerignore))$/;

export interface HintOptions {
  readonly changes: readonly ExplainedChange[];
  readonly entries: readonly ContextEntry[];
  /** None where the whole context counts. */
  readonly lines: readonly LineSelection[];
  /** As messages name it. */
  readonly dockerfile: string;
  /** Its path in the context, with "/"; undefined if it is not in there. */
  readonly dockerfileInContext: string | undefined;
  /** The name of the one that is used, or of the one to make. */
  readonly ignoreFile: string;
}

/** What would make for fewer rebuilds: things that changed, or count, and that the image may well do without. */
export function hintsOf(options: HintOptions): readonly string[] {
  const { changes, entries } = options;
  const suspects = new Map<string, { hasChanged: boolean }>();
  for (const { path } of entries) {
    const suspect = suspectOf(path, options.dockerfileInContext);
    if (suspect !== undefined) {
      suspects.set(suspect, { hasChanged: false });
    }
  }
  for (const { after, before } of changes) {
    const input = after ?? before;
    const path = input !== undefined && "path" in input && input.kind !== "dockerfile" ? input.path : "";
    const suspect = suspects.get(suspectOf(path, options.dockerfileInContext) ?? "");
    if (suspect !== undefined) {
      suspect.hasChanged = true;
    }
  }
  // Somebody has thought of what is named in a COPY.
  const named = new Set(options.lines.flatMap(({ sources }) => sources.flatMap(({ path }) => foldersAbove(path))));
  const folders = new Set(entries.filter(({ kind }) => kind === "directory").map(({ path }) => path));
  // The changed ones first: they are what somebody asks about.
  const told = [...suspects]
    .filter(([path]) => !named.has(path))
    .sort(([, a], [, b]) => Number(b.hasChanged) - Number(a.hasChanged));
  return told.map(([path, { hasChanged }]) => {
    const line = options.lines.find(({ resolved }) => resolved.placeOf(path) === "counts" || resolved.mayContain(path));
    const why =
      line !== undefined
        ? `is taken by ${options.dockerfile}:${String(line.line)} (${line.instruction})`
        : "counts, since the whole context does";
    const name = `${showText(path)}${folders.has(path) ? "/" : ""}`;
    return `${name} ${hasChanged ? "changed and " : ""}${why}: ignore it in ${options.ignoreFile} if the image does not need it.`;
  });
}

/** The path itself and all folders above it. */
function foldersAbove(path: string): readonly string[] {
  const names = path.split("/");
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}

/** The file or folder to ignore, if the path is one, or in one, that images hardly ever need. */
function suspectOf(path: string, dockerfile: string | undefined): string | undefined {
  if (path === dockerfile || ABOUT_THE_BUILD.test(path)) {
    return path;
  }
  const names = path.split("/");
  const at = names.findIndex((name) => WRITTEN_BY_TOOLS.has(name) || WRITTEN_BY_TOOLS_PATTERN.test(name));
  return at < 0 ? undefined : names.slice(0, at + 1).join("/");
}
