import { checkGlobSyntax } from "../../dockerignore/checkGlobSyntax";
import { compileGlob } from "../../dockerignore/compileGlob";

/**
 * Compiles a pattern for one name, without "/", by the rules of Go's filepath.Match. One that Go would refuse matches
 * every name: the builder refuses it too, and until it does nothing is left out.
 */
export function matchesName(pattern: string): (name: string) => boolean {
  if (checkGlobSyntax(pattern) !== undefined) {
    return () => true;
  }
  try {
    // To Match, a backslash takes the meaning from whatever follows; to the patterns of .dockerignore it can give one.
    const plain = pattern.replace(/\\(.)/gsu, (escape, character: string) =>
      /[!-/:-@[-`{-~]/u.test(character) ? escape : character,
    );
    return compileGlob(plain.replaceAll(/\*+/gu, (stars) => (stars === "**" ? "*" : stars))).matches;
  } catch {
    return () => true;
  }
}
