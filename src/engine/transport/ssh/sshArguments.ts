import type { EngineAddress } from "../../../core/ports/EngineEndpoint";

export type SshAddress = Extract<EngineAddress, { readonly kind: "ssh" }>;

/** Where Docker listens unless somebody has said otherwise. */
export const DEFAULT_REMOTE_SOCKET = "/var/run/docker.sock";

/**
 * What ssh is started with: it logs in, asks nothing, runs nothing over there, and takes orders on `controlSocket`.
 * ~/.ssh/config and known_hosts hold, but for the forwards that they ask for: those belong to the user's own sessions.
 */
export function loginArguments({ host, user, port, identityFile }: SshAddress, controlSocket: string): string[] {
  return [
    ...["-N", "-T", "-M", "-S", controlSocket],
    ...Object.entries({
      BatchMode: "yes",
      ClearAllForwardings: "yes",
      ConnectTimeout: "10",
      ControlPersist: "no",
      // What goes wrong is told in words only, and at this level.
      LogLevel: "INFO",
      PermitLocalCommand: "no",
      ServerAliveInterval: "15",
      ServerAliveCountMax: "3",
      StreamLocalBindMask: "0177",
    }).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    ...(identityFile === undefined ? [] : ["-i", identityFile, "-o", "IdentitiesOnly=yes"]),
    ...["--", host],
  ];
}

/** Tells the ssh behind `controlSocket` to forward a socket of ours to the engine's. Reads no configuration. */
export function forwardArguments(
  { host, socketPath = DEFAULT_REMOTE_SOCKET }: SshAddress,
  sockets: { readonly control: string; readonly local: string },
): string[] {
  const forward = `${escaped(sockets.local)}:${escaped(socketPath)}`;
  return ["-F", "none", "-S", sockets.control, "-O", "forward", "-L", forward, "--", host];
}

/** In a forward, ":" separates, "\" escapes and "%" begins a token. */
function escaped(path: string): string {
  return path.replace(/[\\:]/g, "\\$&").replaceAll("%", "%%");
}
