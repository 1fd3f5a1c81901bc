import { isIPv6 } from "node:net";
import type { EngineAddress } from "../../core/ports/EngineEndpoint";

type Result = Extract<EngineAddress, { readonly kind: "ssh" }> | { readonly problem: string };

/** A host's name, or one of ~/.ssh/config. Nothing that ssh or its configuration could take for more than a name. */
const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.+-]*$/u;
const USER = /^[\p{L}\p{N}_][\p{L}\p{N}_.+$\\-]*$/u;
/** What means nothing to ssh's forwards, which have separators, escapes and tokens of their own. */
const SOCKET = /^\/[\p{L}\p{N}_./@+=,~ -]+$/u;

/** Reads `[user@]host[:port][/path/of/the.sock]`: what follows "ssh://". @returns it, or why it cannot be used. */
export function parseSshAddress(rest: string): Result {
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
