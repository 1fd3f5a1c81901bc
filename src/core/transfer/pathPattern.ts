import { checkGlobSyntax } from "../dockerignore/checkGlobSyntax";
import { cleanPath } from "../dockerignore/cleanPath";
import { compileGlob, type CompiledGlob } from "../dockerignore/compileGlob";
import { messageOf } from "../errors/ExpectedError";

/** A pattern of paths, as .dockerignore has them, cut where its first wildcard is. */
export interface PathPattern {
  /** The folders ahead of the first name with a wildcard; "" where there are none, "/" at the root. */
  readonly base: string;
  /** For paths relative to `base`: whether this very path is meant. A folder stands for all in it. */
  readonly matches: (path: string) => boolean;
  /** False only if nothing below a folder, relative to `base`, that is not meant itself can be meant. */
  readonly mayMatchBelow: (folder: string) => boolean;
}

const WILDCARD = /[*?[\\]/;

export function isPattern(text: string): boolean {
  return WILDCARD.test(text);
}

/** @returns what is wrong with it, for people, where it is not a valid one. */
export function parsePathPattern(text: string): PathPattern | { readonly problem: string } {
  const names = cleanPath(text).split("/");
  const first = names.findIndex(isPattern);
  const glob = names.slice(first).join("/");
  const problem = checkGlobSyntax(glob);
  if (problem !== undefined) {
    return { problem };
  }
  try {
    const compiled: CompiledGlob = compileGlob(glob);
    return {
      base: names.slice(0, first).join("/") || (text.startsWith("/") ? "/" : ""),
      matches: compiled.matches,
      mayMatchBelow: (folder) => compiled.mayMatchBelow(`${folder}/`),
    };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
