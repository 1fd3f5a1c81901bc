import { TransportError } from "../TransportError";
import { DEFAULT_REMOTE_SOCKET, type SshAddress } from "./sshArguments";

/** How many of ssh's last lines are passed on where they are not understood. */
const LAST_LINES = 3;

/**
 * Why ssh did not get through, of what it wrote to stderr: the one place where there is nothing but words, which are
 * OpenSSH's own and not translated.
 */
export function describeSshFailure(stderr: string, address: SshAddress): TransportError {
  const { host, user, port, socketPath = DEFAULT_REMOTE_SOCKET } = address;
  const destination = `${port === undefined ? "" : `-p ${String(port)} `}${user === undefined ? "" : `${user}@`}${host}`;
  const inTerminal = `run "ssh ${destination}" once in a terminal`;
  const lines = stderr
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const said = (words: RegExp): string | undefined => lines.findLast((line) => words.test(line));

  if (said(/REMOTE HOST IDENTIFICATION HAS CHANGED/) !== undefined) {
    return new TransportError(
      "login-refused",
      `the host key of ${host} has changed since it was accepted, which may be an attack; find out why, then mend known_hosts`,
    );
  }
  if (said(/^Host key verification failed/) !== undefined || said(/^No .* host key is known for /) !== undefined) {
    return new TransportError("login-refused", `the host key of ${host} is not known; ${inTerminal} to accept it`);
  }
  const refusal = said(/Permission denied \(|Too many authentication failures|No supported authentication methods/);
  if (refusal !== undefined) {
    return new TransportError(
      "login-refused",
      `${host} refuses the login (${refusal}); ${inTerminal} to see why or to unlock your key`,
    );
  }
  if (said(/Could not resolve hostname/) !== undefined) {
    return new TransportError("unknown-host", `no host named ${host} is known; check the name and ~/.ssh/config`);
  }
  if (said(/administratively prohibited/) !== undefined) {
    return new TransportError(
      "no-permission",
      `the ssh server of ${host} does not let sockets be forwarded (AllowStreamLocalForwarding in its sshd_config)`,
    );
  }
  // sshd does not tell which of these it is.
  if (said(/open failed/) !== undefined) {
    return new TransportError(
      "not-found",
      `nothing answers at ${socketPath} on ${host}: no engine listens there, ${user ?? "your user there"} may not use its ` +
        "socket, or the ssh server forwards no sockets (AllowStreamLocalForwarding)",
    );
  }
  const network = said(/^ssh: connect to host |Connection (closed|reset|timed out)|kex_exchange_identification/);
  if (network !== undefined) {
    return new TransportError("no-answer", `${host} cannot be reached with ssh (${network})`);
  }
  const last = lines.slice(-LAST_LINES).join(" / ");
  return new TransportError(
    "no-answer",
    `the ssh connection to ${host} ended${last === "" ? "" : ` (${last})`}; ${inTerminal} to see why`,
  );
}
