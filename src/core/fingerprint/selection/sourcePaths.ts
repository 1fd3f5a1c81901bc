import { trimSpace } from "../../dockerfile/goSpace";
import { cleanPath } from "../../dockerignore/cleanPath";

/**
 * The paths in the context, cleaned, that a source of COPY, ADD or a bind mount may mean once its variables are replaced.
 * BuildKit joins it to "/" first, so it cannot lead out of the context. A path for Windows has other separators and
 * possibly a drive; which system a stage is for is not asked: a path that means nothing takes nothing.
 */
export function sourcePaths(text: string): readonly string[] {
  const forWindows = text.replaceAll("\\", "/").replace(/^[A-Za-z]:/u, "");
  return [...new Set([clean(text), clean(forWindows)])];
}

/**
 * The same for `--parents`. There, what follows a "/./" is a pattern for what lies below what comes before it
 * (moby/patternmatcher's, so `**` stands for any folders). One that is more than names and wildcards counts as all there.
 */
export function sourcePathsWithParents(text: string): readonly string[] {
  const pivot = text.indexOf("/./");
  const pattern = clean(pivot < 0 ? text : text.slice(pivot + 3));
  if (isSimple(pattern)) {
    return sourcePaths(text);
  }
  return pivot < 0 ? ["."] : sourcePaths(text.slice(0, pivot));
}

function isSimple(pattern: string): boolean {
  return (
    pattern !== "." &&
    pattern === trimSpace(pattern) &&
    !/^!|\\/u.test(pattern) &&
    pattern.split("/").every((part) => part === "**" || !part.includes("**"))
  );
}

function clean(text: string): string {
  const cleaned = cleanPath(`/${text}`).slice(1);
  return cleaned === "" ? "." : cleaned;
}
