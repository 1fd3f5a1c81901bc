import { MOUNT_ID } from "./mountId";

export interface SshText {
  readonly id: string;
  /** As they are written; with none, the agent of SSH_AUTH_SOCK is meant. */
  readonly paths: readonly string[];
}

/**
 * Reads what the docker CLI takes for --ssh: "default", or "ID=PATH[,PATH…]" with an agent's socket or private keys.
 *
 * @returns undefined where it is neither.
 */
export function parseSshSource(text: string): SshText | undefined {
  const at = text.indexOf("=");
  const id = at < 0 ? text : text.slice(0, at);
  const paths = at < 0 ? [] : text.slice(at + 1).split(",");
  return MOUNT_ID.test(id) && !paths.includes("") ? { id, paths } : undefined;
}
