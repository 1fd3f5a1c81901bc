import { showText } from "../showText";

const MOST_NAMES = 5;

/** The first of them, and how many more there are, to be shown as they are. */
export function someNames(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  const first = names.slice(0, MOST_NAMES).map((name) => showText(name));
  return `${first.join(", ")}${more > 0 ? ` and ${String(more)} more` : ""}`;
}
