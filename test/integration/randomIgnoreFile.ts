import type { RandomSource } from "./RandomSource";

const PARTS = [
  "a",
  "b",
  "*",
  "a*",
  "?",
  "**",
  "*.md",
  "[ab]",
  "[^a]",
  "c",
  "d.js",
  "x y",
  "a.md",
  "**b",
  "a**",
  "\\a",
  "\\*",
] as const;

/** The lines of a .dockerignore, with all that its patterns may be. */
export function randomIgnoreFile(random: RandomSource, paths: readonly string[]): string {
  return Array.from(
    { length: 1 + random.below(5) },
    () => `${line(random, paths)}${random.chance(10) ? " \r" : ""}\n`,
  ).join("");
}

function line(random: RandomSource, paths: readonly string[]): string {
  const pattern =
    paths.length > 0 && random.chance(60)
      ? random.pick(paths)
      : Array.from({ length: 1 + random.below(3) }, () => random.pick(PARTS)).join("/");
  const before = random.pick(["", "", "", "", "", "/", "./", "**/", "../", " "]);
  const after = random.pick(["", "", "", "", "/", "/**", "/*", "/.", "/.."]);
  const exception = random.chance(30) ? random.pick(["!", "!", "! "]) : "";
  return random.chance(4) ? random.pick(["# a", "", "!", " #a", "."]) : `${exception}${before}${pattern}${after}`;
}
