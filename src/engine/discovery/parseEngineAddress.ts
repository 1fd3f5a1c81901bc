import { isIPv6 } from "node:net";
import { domainToASCII } from "node:url";
import { isLocalAddress, type EngineAddress, type TlsMaterial } from "../../core/ports/EngineEndpoint";
import { PemTlsMaterial } from "../transport/PemTlsMaterial";
import { parseSshAddress } from "./parseSshAddress";

export interface ParseAddressOptions {
  /** For tcp:// and https://: speak TLS, with this. Without it, https:// trusts the system's authorities. */
  readonly tls?: TlsMaterial | undefined;
  /** Whether an engine on another machine may be used without TLS. */
  readonly allowPlainTcp?: boolean | undefined;
}

type Result = EngineAddress | { readonly problem: string };

const PLAIN_PORT = 2375;
const TLS_PORT = 2376;
const FORMS = '"unix:///path/of/the.sock", "npipe:////./pipe/name", "tcp://host:port" or "ssh://user@host"';

/**
 * Reads an address as DOCKER_HOST has it; a plain absolute path is a socket.
 *
 * @returns the address, or why it cannot be used, in words that repeat nothing of the text.
 */
export function parseEngineAddress(text: string, options: ParseAddressOptions = {}): Result {
  const value = text.trim();
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(value)) {
    return { problem: "it holds a line break or another control character" };
  }
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(value) ?? [];
  switch (scheme?.toLowerCase()) {
    case undefined:
      return value.startsWith("/") ? { kind: "unix", socketPath: value } : { problem: `write it as ${FORMS}` };
    case "unix":
      return rest.startsWith("/")
        ? { kind: "unix", socketPath: rest }
        : { problem: "the socket's path must be absolute" };
    case "npipe":
      return /^\/\/[^/]+\/pipe\/./i.test(rest.replaceAll("\\", "/"))
        ? { kind: "npipe", pipePath: rest.replaceAll("/", "\\") }
        : { problem: "write it as npipe:////./pipe/name" };
    case "tcp":
    case "http":
      return parseTcp(rest, options);
    case "https":
      return parseTcp(rest, { ...options, tls: options.tls ?? new PemTlsMaterial({ skipVerify: false }) });
    case "ssh":
      return parseSshAddress(rest);
    case "fd":
      return { problem: "fd:// is for the engine itself, not for who talks to it" };
    default:
      return { problem: `addresses of this kind are not supported; write it as ${FORMS}` };
  }
}

function parseTcp(rest: string, { tls, allowPlainTcp = false }: ParseAddressOptions): Result {
  const malformed = { problem: "write it as tcp://host:port" };
  if (rest.includes("@")) {
    return { problem: "an address must not hold a user or a password; a client proves who it is by a certificate" };
  }
  const [, bracketed, name, digits] = /^(?:\[([^\]]*)\]|([^:/?#[\]]*))(?::(\d{1,5}))?\/?$/.exec(rest) ?? [];
  const host = bracketed === undefined ? domainToASCII(name ?? "") : isIPv6(bracketed) ? bracketed.toLowerCase() : "";
  const port = digits === undefined ? (tls === undefined ? PLAIN_PORT : TLS_PORT) : Number(digits);
  // A zone ("%eth0") is for the machine that wrote it only; what begins with "-" is an option to many programs.
  if (!/^[^-%\s][^%\s]*$/.test(host) || port < 1 || port > 65_535) {
    return malformed;
  }
  const address: EngineAddress = tls === undefined ? { kind: "tcp", host, port } : { kind: "tcp", host, port, tls };
  return tls !== undefined || allowPlainTcp || isLocalAddress(address)
    ? address
    : {
        problem:
          "an engine on another machine needs TLS, since whoever sees or reaches the connection is root over there: use " +
          'DOCKER_TLS_VERIFY=1 with DOCKER_CERT_PATH, https://, a docker context with certificates or ssh://, or allow it ("slipway.allowPlainTcp": ' +
          "true in VS Code, SLIPWAY_ALLOW_PLAIN_TCP=1 on the command line)",
      };
}
