/** How long an engine may take, in milliseconds. */
export interface Deadlines {
  /** For what it answers at once. */
  readonly answerMs: number;
  /**
   * For removing a container, which can mean unmounting and deleting a large file system, and for unpacking an archive,
   * which means writing one.
   */
  readonly longMs: number;
  /** For saying why it refuses, once it has begun to. */
  readonly refusalMs: number;
  /** For knowing neither that a program runs nor how it has ended, while it answers. */
  readonly unsureMs: number;
}

export const DEADLINES: Deadlines = { answerMs: 30_000, longMs: 120_000, refusalMs: 10_000, unsureMs: 10_000 };
