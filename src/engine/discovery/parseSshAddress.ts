import { isIPv6 } from "node:net";
import type { EngineAddress } from "../../core/ports/EngineEndpoint";

type Result = Extract<EngineAddress, { readonly kind: "ssh" }> | { readonly problem: string };

/** A host's name, or one of ~/.ssh/config. Nothing that ssh or its configuration could take for more than a name. */
const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.+-]*$/u;
const USER = /^[\p{L}\p{N}_][\p{L}\p{N}_.+$\\-]*$/u;
/** What means nothing to ssh's forwards, which have separators, escapes and tokens of their own. */
const SOCKET = /^\/[\p{L}\p{N}_./@+=,~ -]+$/u;

/** What a key's file, encoded as in a URL, comes after. */
export const IDENTITY = "?identity=";

/**
 * Reads `[user@]host[:port][/path/of/the.sock][?identity=/path/of/the/key]`: what follows "ssh://".
 *
 * @returns it, or why it cannot be used.
 */
export function parseSshAddress(text: string): Result {
  const end = text.lastIndexOf(IDENTITY);
  const address = parseWithoutIdentity(end < 0 ? text : text.slice(0, end));
  if (end < 0 || "problem" in address) {
    return address;
  }
  const identityFile = decoded(text.slice(end + IDENTITY.length));
  return identityFile === undefined
    ? { problem: "what follows ?identity= must be the path of a key, encoded as in a URL" }
    : { ...address, identityFile };
}

function decoded(text: string): string | undefined {
  try {
    const path = decodeURIComponent(text);
    // eslint-disable-next-line no-control-regex -- they are what is looked for
    return path === "" || /[\u0000-\u001f\u007f]/.test(path) ? undefined : path;
  } catch {
    return undefined;
  }
}

function parseWithoutIdentity(rest: string): Result {
  const slash = rest.indexOf("/");
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const path = slash < 0 ? "" : rest.slice(slash);
  const at = authority.lastIndexOf("@");
  const user = at < 0 ? undefined : authority.slice(0, at);
  if (user?.includes(":") === true || (at < 0 && path.includes("@") && authority.includes(":"))) {
    return { problem: "an address must not hold a password; ssh has keys and an agent for that" };
  }
  const [, bracketed, name = "", digits] =
    /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(authority.slice(at + 1)) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  const host = bracketed ?? name;
  const isHost = bracketed === undefined ? NAME.test(host) : isIPv6(bracketed) && !bracketed.includes("%");
  if (!isHost || (user !== undefined && !USER.test(user)) || port === 0 || (port ?? 0) > 65_535) {
    return { problem: "write it as ssh://user@host:port/path/of/the.sock; all but the host can be left out" };
  }
  const socketPath = path === "" || path === "/" ? undefined : path;
  return socketPath === undefined || SOCKET.test(socketPath)
    ? { kind: "ssh", host, user, port, socketPath }
    : { problem: "the path of the socket holds a character that ssh cannot forward" };
}
