import type { Metadata } from "@grpc/grpc-js";

/** What the builder asks for in the metadata of a FileSync call (session/filesync of moby/buildkit). */
export interface FolderRequest {
  /** "context" or "dockerfile". */
  readonly name: string;
  /** Paths, maybe with wildcards, that are wanted together with what symlinks on them lead to; empty wants all. */
  readonly followPaths: readonly string[];
  /** Patterns as in .dockerignore; empty wants all. */
  readonly includePatterns: readonly string[];
  readonly excludePatterns: readonly string[];
}

/** Of several values with the same name, HTTP makes one with this between them. */
const SEPARATOR = ", ";

export function parseFolderRequest(metadata: Metadata): FolderRequest {
  return {
    name: valuesOf(metadata, "dir-name")[0] ?? "",
    followPaths: valuesOf(metadata, "followpaths"),
    includePatterns: valuesOf(metadata, "include-patterns"),
    excludePatterns: valuesOf(metadata, "exclude-patterns"),
  };
}

function valuesOf(metadata: Metadata, key: string): readonly string[] {
  const values = metadata.get(key).flatMap((value) => value.toString().split(SEPARATOR));
  // Values that are not all ASCII come as Go's url.QueryEscape makes them.
  const encoded = /^(1|t|true)$/i.test(metadata.get(`${key}-encoded`)[0]?.toString() ?? "");
  return encoded ? values.map((value) => decodeURIComponent(value.replaceAll("+", " "))) : values;
}

/**
 * Whether some path has the separator in it. Where it came in plain ASCII, its pieces then look like several paths, and
 * nobody can tell which was meant.
 */
export function hasSeparator(path: string): boolean {
  return path.includes(SEPARATOR);
}
