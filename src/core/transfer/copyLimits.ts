/** How much one item may be that is copied out of a container; all that the engine sends for it counts. */
export interface CopyLimits {
  readonly bytes: number;
  readonly entries: number;
}

export const COPY_LIMITS: CopyLimits = { bytes: 2 * 1024 ** 3, entries: 200_000 };
