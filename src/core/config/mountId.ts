/**
 * What `RUN --mount=type=secret,id=…` and `type=ssh,id=…` can name, whichever builder reads it: their options are a list
 * with commas, and /run/secrets/ID is where a secret is mounted by default.
 */
export const MOUNT_ID = /^(?!\.{1,2}$)[A-Za-z0-9_.-]+$/;
