import { createHash } from "node:crypto";

/** The name and the password before the host of a URL. */
const IN_URL = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*):[^\s/?#]*@(?=[^\s/])/gi;
/** The same of a proxy's address, which may have no scheme, and in its password what belongs into no URL. */
const IN_ADDRESS = /^(\s*(?:[a-z][a-z0-9+.-]*:\/\/)?[^:@/]*):.*@/is;
const PROXY_NAME = /^(?:https?|ftp|all)_proxy$/i;

/** Puts "***" in the place of every password in a URL. */
export function maskPasswords(text: string): string {
  return text.replace(IN_URL, "$1:***@");
}

function maskAddress(address: string): string {
  return address.replace(IN_ADDRESS, "$1:***@");
}

/**
 * A build argument as it may be shown and written down. Another password still makes another text, but the password
 * cannot be got out of it: eight digits of a hash stand for it, which many passwords share.
 */
export function maskArgument(name: string, value: string): string {
  const masked = PROXY_NAME.test(name) ? maskAddress(value) : maskPasswords(value);
  return masked === value ? value : `${masked} (${createHash("sha256").update(value).digest("hex").slice(0, 8)})`;
}

/**
 * Takes the passwords of proxies out of what a builder says: it replaces variables in the names of steps, and a step may
 * print them.
 *
 * @param addresses of proxies
 */
export function passwordMask(addresses: readonly string[]): (text: string) => string {
  const secrets = [...new Set(addresses)].filter((address) => maskAddress(address) !== address);
  return (text) => {
    if (secrets.length === 0) {
      return text;
    }
    const whole = secrets.reduce((masked, secret) => masked.replaceAll(secret, () => maskAddress(secret)), text);
    return maskPasswords(whole);
  };
}
