/** Of an answer of success, where it is none of those that are known. */
export const UNKNOWN_FORM = "its answer has a form that Slipway does not know";

/** What an engine's answer of another status than success becomes, before it is known what it was asked for. */
export class RefusedCall extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    readonly detail: string,
  ) {
    super(detail);
  }
}
