import { z } from "zod";

const shape = z.object({
  Running: z.boolean(),
  ExitCode: z.number().nullish(),
  /** Podman's: whether it has ended. Docker always says no. */
  CanRemove: z.boolean().nullish(),
  ContainerID: z.string(),
});

/** What an engine says of a program that was started with exec. */
export type ExecDetails =
  | { readonly state: "running" }
  | { readonly state: "ended"; readonly exitCode: number }
  /** Neither, for the moment: it is about to be started, or has just ended. */
  | { readonly state: "unknown" };

/**
 * GET /exec/{id}/json. Before the start, Docker has no exit code; Podman has 0, and tells by CanRemove whether that is
 * the program's.
 */
export function parseExecDetails(value: unknown, kind: "docker" | "podman"): ExecDetails {
  const { Running, ExitCode, CanRemove } = shape.parse(value);
  if (Running) {
    return { state: "running" };
  }
  const hasEnded = typeof ExitCode === "number" && (kind === "docker" || CanRemove !== false);
  return hasEnded ? { state: "ended", exitCode: ExitCode } : { state: "unknown" };
}
