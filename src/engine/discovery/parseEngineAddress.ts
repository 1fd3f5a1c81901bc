import { isLocalAddress, type EngineAddress } from "../../core/ports/EngineEndpoint";

const DEFAULT_PORT = 2375;

/**
 * Reads an address as DOCKER_HOST has it; a plain absolute path is a socket.
 *
 * @returns the address, or why it cannot be used.
 */
export function parseEngineAddress(text: string): EngineAddress | { readonly problem: string } {
  const value = text.trim();
  const [, scheme, rest = ""] = /^([a-z]+):\/\/(.*)$/i.exec(value) ?? [];
  switch (scheme?.toLowerCase()) {
    case undefined:
      return value.startsWith("/")
        ? { kind: "unix", socketPath: value }
        : { problem: 'write it as "unix:///path/of/the.sock", "npipe:////./pipe/name" or "tcp://host:port"' };
    case "unix":
      return rest.startsWith("/")
        ? { kind: "unix", socketPath: rest }
        : { problem: "the socket's path must be absolute" };
    case "npipe":
      return { kind: "npipe", pipePath: rest.replaceAll("/", "\\") };
    case "tcp":
    case "http":
      return parseTcp(value);
    default:
      return { problem: `addresses with ${String(scheme)}:// are not supported yet; use unix://, npipe:// or tcp://` };
  }
}

function parseTcp(value: string): EngineAddress | { readonly problem: string } {
  let url: URL;
  try {
    url = new URL(value.replace(/^tcp:/i, "http:"));
  } catch {
    return { problem: "write it as tcp://host:port" };
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  // URL leaves out the port that http means anyway.
  const port = /:80\/?$/.test(value) ? 80 : Number(url.port || DEFAULT_PORT);
  const address: EngineAddress = { kind: "tcp", host, port };
  return isLocalAddress(address)
    ? address
    : { problem: "an engine on another machine needs TLS, which is not supported yet" };
}
