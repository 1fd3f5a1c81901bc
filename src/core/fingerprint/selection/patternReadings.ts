/** A class in brackets: whether it is of all but its members, and these; or an escape, which is none. */
const CLASS = /\\.|\[(\^?)((?:\\.|[^\\\]])+)\]/gsu;
/** Members of a class none of which is the slash: single characters, and ranges of letters or of digits. */
const HARMLESS = /^(?:[0-9A-Za-z]-[0-9A-Za-z]|[^\\/-])+$/u;
/** Each may double the readings. */
const MOST_CLASSES = 4;

/**
 * The patterns, to be matched folder by folder, that one of COPY or ADD stands for. To Go's filepath.Match, which BuildKit
 * holds the whole path against, a slash is like any other character for a class in brackets: `a[^b]c` matches "a/c", too.
 */
export function patternReadings(pattern: string): readonly string[] {
  const classes = [...pattern.matchAll(CLASS)].filter(([text]) => text.startsWith("["));
  if (classes.length > MOST_CLASSES || classes.some(isTangled)) {
    return [folderAhead(pattern)];
  }
  let readings = [""];
  let end = 0;
  for (const found of classes) {
    const between = pattern.slice(end, found.index);
    readings = readings.flatMap((start) => choices(pattern, found).map((choice) => start + between + choice));
    end = found.index + found[0].length;
  }
  const whole = readings.map((start) => start + pattern.slice(end));
  // No path has two slashes side by side, or one at an end.
  return [...new Set([pattern, ...whole.filter((path) => !/^\/|\/\/|\/$/u.test(path))])];
}

/** Whether its slash cannot simply be taken out. */
function isTangled({ 2: members = "" }: RegExpExecArray): boolean {
  return members.includes("/") && /[\\^-]/u.test(members);
}

/** What to put in the place of a class: what is in a name, and the slash if it may be that. */
function choices(
  pattern: string,
  { 0: text, 1: not = "", 2: members = "", index }: RegExpExecArray,
): readonly string[] {
  const ends = /(?:^|\/)$/u.test(pattern.slice(0, index)) || /^(?:\/|$)/u.test(pattern.slice(index + text.length));
  const mayBeSlash = !ends && (not === "" ? !HARMLESS.test(members) : !members.includes("/"));
  const others = members.replaceAll("/", "");
  const inName = others === "" ? (not === "" ? [] : ["?"]) : [`[${not}${others}]`];
  return mayBeSlash ? [...inName, "/"] : inName;
}

function folderAhead(pattern: string): string {
  const names = pattern.split("/");
  const first = names.findIndex((name) => /[*?[\\]/u.test(name));
  return names.slice(0, first).join("/") || ".";
}
