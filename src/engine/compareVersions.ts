/**
 * Which of two versions is newer, by their first two numbers: negative when it is `b`. What does not begin with two numbers
 * counts as newer than anything.
 */
export function compareVersions(a: string, b: string): number {
  const [majorA, minorA] = numbersOf(a);
  const [majorB, minorB] = numbersOf(b);
  return majorA === majorB ? minorA - minorB : majorA - majorB;
}

function numbersOf(version: string): readonly [number, number] {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return major === undefined ? [Number.MAX_SAFE_INTEGER, 0] : [Number(major), Number(minor)];
}
