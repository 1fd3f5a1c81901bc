import type { LockLink } from "./LockLink";

/**
 * How long a lock has been watched without its being refreshed. Only what was seen from here counts: the clock of
 * another machine, which writes the file's time, may be wrong. So does no time in which this machine slept or this
 * process stood still, since the other may have done so, too.
 */
export class Patience {
  private watched: { readonly token: string; readonly modifiedMs: number } | undefined;
  private lastLook = 0;
  private unrefreshedMs = 0;

  /** @param longestPause between two looks, in milliseconds; more than twice that was no watching. */
  constructor(
    private readonly now: () => number,
    private readonly longestPause: number,
  ) {}

  /** @returns for how long it has not been refreshed, in milliseconds: 0 at first sight. */
  look({ token, modifiedMs }: LockLink): number {
    const now = this.now();
    const same = this.watched?.token === token && this.watched.modifiedMs === modifiedMs;
    this.unrefreshedMs = same ? this.unrefreshedMs + Math.min(now - this.lastLook, 2 * this.longestPause) : 0;
    this.watched = { token, modifiedMs };
    this.lastLook = now;
    return this.unrefreshedMs;
  }
}
