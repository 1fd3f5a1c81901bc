/** The answer of a lookup for a variable that is known to have no value, as opposed to an empty one. */
export const UNSET: unique symbol = Symbol("unset");

/**
 * What a variable is worth: its value, {@link UNSET}, or undefined when that cannot be told before the build, for
 * example because the base image may set it.
 */
export type VariableLookup = (name: string) => string | typeof UNSET | undefined;
