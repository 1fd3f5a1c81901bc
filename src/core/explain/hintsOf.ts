import type { ContextEntry } from "../ports/BuildContext";
import type { ExplainedChange } from "./Explanation";
import { showText } from "./showText";
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
  readonly lines: readonly LineSelection[];
  /** As messages name it. */
  readonly dockerfile: string;
  /** Its path in the context, with "/"; undefined if it is not in there. */
  readonly dockerfileInContext: string | undefined;
  /** Whether no line of the Dockerfile decides what counts. */
  readonly wholeContext: boolean;
  /** The name of the one that is used, or of the one to make. */
  readonly ignoreFile: string;
}

/** What would make for fewer rebuilds: things that changed, or count, and that the image may well do without. */
export function hintsOf(options: HintOptions): readonly string[] {
  const { changes, entries } = options;
  const changed = new Set(
    changes.flatMap(({ after, before }) => {
      const entry = after ?? before;
      return entry !== undefined && "path" in entry && entry.kind !== "dockerfile" ? [entry.path] : [];
    }),
  );
  // The changed ones first: they are what somebody asks about.
  const suspects = new Map<string, boolean>();
  for (const path of [...changed, ...entries.map(({ path }) => path)]) {
    const suspect = suspectOf(path, options.dockerfileInContext);
    if (suspect !== undefined && !suspects.has(suspect)) {
      suspects.set(suspect, changed.has(path));
    }
  }
  // Somebody has thought of what is named in a COPY.
  const named = new Set(options.lines.flatMap(({ sources }) => sources.flatMap(({ path }) => foldersAbove(path))));
  const folders = new Set(entries.filter(({ kind }) => kind === "directory").map(({ path }) => path));
  const told = [...suspects].filter(([path]) => !named.has(path));
  return told.map(([path, hasChanged]) => {
    const line = options.lines.find(({ resolved }) => resolved.placeOf(path) === "counts" || resolved.mayContain(path));
    const why =
      line !== undefined
        ? `is taken by ${options.dockerfile}:${String(line.line)} (${line.instruction})`
        : options.wholeContext
          ? "counts, since the whole context does"
          : "was taken";
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
