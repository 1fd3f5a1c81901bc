import type { ContainerStartError, ExecError } from "../errors/containerErrors";

/** What a shell says of a program that is there and cannot be run. */
export const CANNOT_RUN = 126;
/** Of one that is not there. */
export const NOT_FOUND = 127;
/** 128 and the number of SIGKILL. */
export const KILLED = 137;

/** Of a program that the engine refuses to run. */
export function exitCodeOf({ detail }: ContainerStartError | ExecError): number {
  return /permission denied/i.test(detail) ? CANNOT_RUN : NOT_FOUND;
}
