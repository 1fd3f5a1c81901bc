import { trimSpace } from "../dockerfile/goSpace";
import { checkGlobSyntax } from "./checkGlobSyntax";
import { cleanPath } from "./cleanPath";
import { compileGlob, type CompiledGlob } from "./compileGlob";
import { InvalidPatternError } from "./InvalidPatternError";

/** What a matcher says about one path. Hand it back as the parent when asking about the entries of that folder. */
export interface MatchResult {
  readonly ignored: boolean;
  /** Which patterns matched the path or a folder above it. Only the matcher that made the result reads this. */
  readonly matchedPatterns: readonly boolean[];
}

interface Pattern extends CompiledGlob {
  readonly exception: boolean;
}

/**
 * Decides which paths of a build context are left out, as BuildKit does (`MatchesUsingParentResults` of
 * moby/patternmatcher). Made for a pre-order walk: a folder is asked about before its entries, and its result is passed
 * on to them. Paths are relative to the context, with `/` between names, and not empty.
 */
export class IgnoreMatcher {
  readonly #patterns: readonly Pattern[];
  readonly #exceptions: readonly Pattern[];
  readonly #ignored: MatchResult;
  readonly #included: MatchResult;

  /**
   * @param patterns what {@link parseDockerignore} returns, or patterns given by hand
   * @throws InvalidPatternError if one is malformed, even a `!` pattern that the builder may never come to try
   */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns
      .map(trimSpace)
      .filter((pattern) => pattern !== "")
      .map(compilePattern);
    this.#exceptions = this.#patterns.filter((pattern) => pattern.exception);
    this.#ignored = { ignored: true, matchedPatterns: this.#patterns.map(() => true) };
    this.#included = { ignored: false, matchedPatterns: this.#patterns.map(() => false) };
  }

  /**
   * @param parent the result for the folder that contains the path; it is worked out when it is not given
   */
  match(path: string, parent: MatchResult | undefined = this.#matchParent(path)): MatchResult {
    if (this.#exceptions.length === 0) {
      // Nothing takes a match back, so one pattern decides, for everything below as well.
      const ignored = parent?.ignored === true || this.#patterns.some((pattern) => pattern.matches(path));
      return ignored ? this.#ignored : this.#included;
    }
    if (parent !== undefined && parent.matchedPatterns.length !== this.#patterns.length) {
      throw new RangeError("The parent's result comes from another matcher.");
    }
    let ignored = false;
    const matchedPatterns = this.#patterns.map((pattern, index) => {
      // A pattern that would change nothing is not tried, and then counts as not matched for the entries below: the
      // builder does the same, and results depend on it.
      const matched =
        parent?.matchedPatterns[index] === true || (pattern.exception === ignored && pattern.matches(path));
      if (matched) {
        ignored = !pattern.exception;
      }
      return matched;
    });
    return { ignored, matchedPatterns };
  }

  /**
   * Whether an ignored folder has to be entered all the same, because a `!` pattern may bring back something below it.
   * BuildKit enters every ignored folder as soon as one `!` pattern has a wildcard; comparing the fixed start of the
   * pattern with the folder finds the same paths and skips folders such as `node_modules`.
   */
  mayContainExceptions(directory: string): boolean {
    const prefix = `${directory}/`;
    return this.#exceptions.some((pattern) => pattern.mayMatchBelow(prefix));
  }

  #matchParent(path: string): MatchResult | undefined {
    const slash = path.lastIndexOf("/");
    return slash > 0 ? this.match(path.slice(0, slash)) : undefined;
  }
}

function compilePattern(text: string): Pattern {
  const cleaned = cleanPath(text);
  const exception = cleaned.startsWith("!");
  const glob = exception ? cleaned.slice(1) : cleaned;
  const problem = glob === "" ? "nothing follows the exclamation mark" : checkGlobSyntax(glob);
  if (problem !== undefined) {
    throw new InvalidPatternError(text, problem);
  }
  try {
    return { ...compileGlob(glob), exception };
  } catch (error) {
    throw new InvalidPatternError(text, error instanceof Error ? error.message : String(error));
  }
}
