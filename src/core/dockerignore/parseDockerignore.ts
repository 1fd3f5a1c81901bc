import { trimSpace } from "../dockerfile/goSpace";
import { cleanPath } from "./cleanPath";

/**
 * The patterns of an ignore file, in order, as `ignorefile.ReadAll` of moby/patternmatcher reads them: a comment starts
 * in the first column only, blank lines are skipped, and a pattern is relative to the context even with a leading `/`.
 */
export function parseDockerignore(content: string): readonly string[] {
  const text = content.startsWith("\uFEFF") ? content.slice(1) : content;
  return text.split("\n").flatMap((line) => {
    const trimmed = line.startsWith("#") ? "" : trimSpace(line);
    return trimmed === "" ? [] : [cleanPattern(trimmed)];
  });
}

function cleanPattern(pattern: string): string {
  if (pattern.startsWith("!")) {
    return `!${cleanGlob(trimSpace(pattern.slice(1)))}`;
  }
  return cleanGlob(pattern);
}

function cleanGlob(glob: string): string {
  if (glob === "") {
    return "";
  }
  const cleaned = cleanPath(glob);
  return cleaned.length > 1 && cleaned.startsWith("/") ? cleaned.slice(1) : cleaned;
}
