/** What is to become of a container, and why, for people. */
export type Verdict = { readonly kind: "remove" | "stop" | "keep"; readonly why: string };

export const keep = (why: string): Verdict => ({ kind: "keep", why });
export const remove = (why: string): Verdict => ({ kind: "remove", why });
