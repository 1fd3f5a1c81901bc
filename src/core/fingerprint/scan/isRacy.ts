/** Coarser than the times of any file system in use: those of FAT are even seconds. */
const SETTLED_MS = 2_000;

/**
 * Whether a file could change once more without its times telling: they move in steps, so a change within the step in
 * which it was read leaves them as they are. Git has the same rule for its index ("racily clean"). A time of the future,
 * be it that a clock was set back, is never old enough.
 *
 * @param readAt when reading it began, in milliseconds since 1970.
 */
export function isRacy({ mtimeMs, ctimeMs }: { mtimeMs: number; ctimeMs: number }, readAt: number): boolean {
  return !(readAt - mtimeMs > SETTLED_MS && readAt - ctimeMs > SETTLED_MS);
}
