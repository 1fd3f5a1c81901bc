import { IgnoreMatcher, type MatchResult } from "../../dockerignore/IgnoreMatcher";
import type { ContextSelection, ContextSource } from "./ContextSelection";
import type { ContextTree } from "./ContextTree";
import { parentOf, SourceResolver } from "./SourceResolver";

/**
 * Whether a path is a part of what the build is made from ("counts"), a folder that is sent to the builder because
 * something that counts lies in it, whose mode does not matter ("way"), or neither read nor sent ("outside").
 */
type Place = "counts" | "way" | "outside";

export interface ResolvedSelection {
  /** @param path relative to the context, not "" */
  readonly placeOf: (path: string) => Place;
  /**
   * Whether something in a folder may count or be on the way to it; else it need not be read.
   *
   * @param folder relative to the context; "" for the context itself
   */
  readonly mayContain: (folder: string) => boolean;
  /** Two that have the same say the same of every path. */
  readonly identity: string;
}

const EVERYTHING: ResolvedSelection = { placeOf: () => "counts", mayContain: () => true, identity: "everything" };

/**
 * Finds out what a selection stands for in a context as it is now. That is to be done again whenever the context has
 * changed: a link may lead somewhere else. Only what lies on the way to a source is asked of the tree.
 */
export function resolveSelection(selection: ContextSelection, tree: ContextTree): ResolvedSelection {
  if (selection.kind === "all") {
    return EVERYTHING;
  }
  const resolver = new SourceResolver(tree);
  return selection.sources.every((source) => resolver.add(source)) ? new Resolved(resolver) : EVERYTHING;
}

/** A folder whose source leaves out what its patterns match. */
interface Filter {
  readonly root: string;
  readonly matcher: IgnoreMatcher;
  /** For the folder that this is about; undefined for the root itself. */
  readonly result: MatchResult | undefined;
}

/** What the entries of a folder are covered by: something that takes them all, or sources that leave some out. */
type Cover = "all" | readonly Filter[];

class Resolved implements ResolvedSelection {
  readonly #found: SourceResolver;
  readonly #covers = new Map<string, Cover>();

  constructor(found: SourceResolver) {
    this.#found = found;
  }

  readonly placeOf = (path: string): Place => {
    const { roots, single, way } = this.#found;
    if (isTaken(this.#coverOf(parentOf(path)), path) || roots.has(path) || single.has(path)) {
      return "counts";
    }
    return way.has(path) ? "way" : "outside";
  };

  readonly mayContain = (folder: string): boolean => {
    const { roots, single, way } = this.#found;
    const cover = this.#coverOf(folder);
    return cover === "all" || cover.length > 0 || way.has(folder) || (folder === "" && roots.size + single.size > 0);
  };

  get identity(): string {
    const { roots, single, way } = this.#found;
    const excludes = [...roots].map(([path, sources]) => [path, sources.map((source) => source.excludes)]);
    return JSON.stringify([excludes, [...single], [...way]]);
  }

  #coverOf(folder: string): Cover {
    const known = this.#covers.get(folder);
    if (known !== undefined) {
      return known;
    }
    const above = folder === "" ? [] : this.#coverOf(parentOf(folder));
    const own = coverBy(folder, this.#found.roots.get(folder) ?? []);
    const cover = above === "all" || own === "all" ? "all" : [...stillIn(folder, above), ...own];
    this.#covers.set(folder, cover);
    return cover;
  }
}

function coverBy(root: string, sources: readonly ContextSource[]): Cover {
  return sources.some(({ excludes }) => excludes.length === 0)
    ? "all"
    : sources.map(({ excludes }) => ({ root, matcher: new IgnoreMatcher(excludes), result: undefined }));
}

function isTaken(cover: Cover, path: string): boolean {
  return cover === "all" || cover.some((filter) => !match(filter, path).ignored);
}

function stillIn(folder: string, filters: readonly Filter[]): readonly Filter[] {
  return filters.flatMap((filter) => {
    const result = match(filter, folder);
    return result.ignored ? [] : { ...filter, result };
  });
}

function match({ root, matcher, result }: Filter, path: string): MatchResult {
  return matcher.match(root === "" ? path : path.slice(root.length + 1), result);
}
