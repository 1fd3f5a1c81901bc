import { createHash } from "node:crypto";
import type { StepConfiguration } from "../config/WorkspaceConfiguration";

/** SHA-256 of what a step does, in hexadecimal: not of how long it may take, nor of what follows from its failure. */
export function stepDigest({ name, command, env = {}, user, workingDirectory }: StepConfiguration): string {
  const variables = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([name, command, variables, user ?? null, workingDirectory ?? null]);
  return createHash("sha256").update(text).digest("hex");
}
