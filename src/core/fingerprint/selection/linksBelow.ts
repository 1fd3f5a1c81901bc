import { IgnoreMatcher, type MatchResult } from "../../dockerignore/IgnoreMatcher";
import type { ContextTree } from "./ContextTree";

/** The links below a folder, without those that the patterns leave out. */
export function linksBelow(tree: ContextTree, root: string, excludes: readonly string[]): readonly string[] {
  const matcher = new IgnoreMatcher(excludes);
  const found: string[] = [];
  const enter = (below: string, result: MatchResult | undefined): void => {
    const folder = [root, below].filter((part) => part !== "").join("/");
    for (const name of tree.namesIn(folder)) {
      const relative = below === "" ? name : `${below}/${name}`;
      const path = folder === "" ? name : `${folder}/${name}`;
      const kind = tree.kindOf(path);
      const match = kind === "directory" || kind === "symlink" ? matcher.match(relative, result) : undefined;
      if (match?.ignored === false) {
        if (kind === "symlink") {
          found.push(path);
        } else {
          enter(relative, match);
        }
      }
    }
  };
  enter("", undefined);
  return found;
}
