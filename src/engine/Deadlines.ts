/** How long an engine may take, in milliseconds. */
export interface Deadlines {
  /** For what it answers at once. */
  readonly answerMs: number;
  /**
   * For removing a container, which can mean unmounting and deleting a large file system; for unpacking an archive, which
   * means writing one; and for making a container, for which rootless Podman may copy one.
   */
  readonly longMs: number;
  /** For saying why it refuses, once it has begun to. */
  readonly refusalMs: number;
  /** For what stays unclear while it answers: whether a program runs or how it has ended, whether a container goes away. */
  readonly unsureMs: number;
}

export const DEADLINES: Deadlines = { answerMs: 30_000, longMs: 120_000, refusalMs: 10_000, unsureMs: 10_000 };
