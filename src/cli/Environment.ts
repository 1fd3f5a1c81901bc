/** Variables by name; those that are not set are undefined or not there. */
export type Environment = Readonly<Record<string, string | undefined>>;
