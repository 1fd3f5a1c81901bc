import { compileGlob } from "../../core/dockerignore/compileGlob";
import { IgnoreMatcher, type MatchResult } from "../../core/dockerignore/IgnoreMatcher";
import { TimeSlice } from "../context/TimeSlice";
import { followLinks, hasWildcard } from "./followLinks";
import { hasSeparator, type FolderRequest } from "./folderRequest";
import type { SharedEntry, SharedFolder } from "./SharedFolder";

/** The entry that the walk is at, or a folder above it. */
interface Visited {
  readonly entry: SharedEntry;
  readonly followed: boolean;
  readonly included: MatchResult | undefined;
  readonly excluded: MatchResult | undefined;
  listed: boolean;
}

/**
 * What of a folder the builder asks for: what the followed paths and included patterns match, itself or with a folder
 * above it, and the excluded patterns do not, together with the folders on the way to it. Where nobody can tell for
 * sure what was asked for, it is all of it: the builder copies from it only what its instructions name.
 */
export async function selectEntries(folder: SharedFolder, request: FolderRequest): Promise<SharedFolder> {
  const filters = isAmbiguous(folder, request) ? undefined : compileFilters(folder, request);
  if (filters === undefined) {
    return folder;
  }
  const selected: SharedEntry[] = [];
  const visited: Visited[] = [];
  const slice = new TimeSlice();
  for (const entry of folder) {
    const { path } = entry.stat;
    while (visited.length > 0 && !path.startsWith(`${visited.at(-1)?.entry.stat.path ?? ""}/`)) {
      visited.pop();
    }
    const above = visited.at(-1);
    const here: Visited = {
      entry,
      followed: above?.followed === true || (filters.follows?.(path) ?? false),
      included: filters.include?.match(path, above?.included),
      excluded: filters.exclude?.match(path, above?.excluded),
      listed: false,
    };
    visited.push(here);
    // "Ignored" is the matcher's word for a match.
    const wanted = here.followed || here.included?.ignored === true || filters.wantsAll;
    if (wanted && here.excluded?.ignored !== true) {
      for (const one of visited.filter(({ listed }) => !listed)) {
        one.listed = true;
        selected.push(one.entry);
      }
    }
    if (slice.isOver()) {
      await slice.next();
    }
  }
  return selected;
}

function isAmbiguous(folder: SharedFolder, { followPaths, includePatterns, excludePatterns }: FolderRequest): boolean {
  const mayBeSplit = [followPaths, includePatterns, excludePatterns].some((values) => values.length > 1);
  return mayBeSplit && folder.some(({ stat }) => hasSeparator(stat.path));
}

interface Filters {
  readonly wantsAll: boolean;
  readonly follows: ((path: string) => boolean) | undefined;
  readonly include: IgnoreMatcher | undefined;
  readonly exclude: IgnoreMatcher | undefined;
}

/** @returns undefined where nothing is left out. */
function compileFilters(folder: SharedFolder, request: FolderRequest): Filters | undefined {
  const { followPaths, includePatterns, excludePatterns } = request;
  try {
    const followed = followPaths.length === 0 ? [] : followLinks(folder, followPaths);
    const wantsAll = followed === undefined || followPaths.length + includePatterns.length === 0;
    if (wantsAll && excludePatterns.length === 0) {
      return undefined;
    }
    return {
      wantsAll,
      follows: followed === undefined ? undefined : anyOf(followed),
      include: includePatterns.length === 0 ? undefined : new IgnoreMatcher(includePatterns),
      exclude: excludePatterns.length === 0 ? undefined : new IgnoreMatcher(excludePatterns),
    };
  } catch {
    // What is wrong with a pattern, the builder says better, with the instruction that it stands in.
    return undefined;
  }
}

/** Most paths are plain, and looked up at once however many there are. */
function anyOf(paths: readonly string[]): (path: string) => boolean {
  const plain = new Set(paths);
  const globs = paths.filter(hasWildcard).map(compileGlob);
  return (path) => plain.has(path) || globs.some(({ matches }) => matches(path));
}
