import { NoSpaceError } from "../core/errors/engineErrors";

/** The system's own words (ENOSPC and EDQUOT, as Go writes them), which engines put behind theirs; no status tells it. */
const WORDS = /\bno space left on device\b|\bdisk quota exceeded\b/i;

/** What is said last says where; Podman says before that what it was doing, which can be a page. */
const LONGEST_DETAIL = 300;

/**
 * What an engine's refusal is where its words say that its disk is full.
 *
 * @param engine its address.
 */
export function toNoSpaceError(engine: string, during: string, detail: string): NoSpaceError | undefined {
  const words = detail.trim();
  return WORDS.test(words)
    ? new NoSpaceError(engine, during, words.length > LONGEST_DETAIL ? `…${words.slice(-LONGEST_DETAIL)}` : words)
    : undefined;
}
