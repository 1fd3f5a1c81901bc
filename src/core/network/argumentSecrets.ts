import type { Secret } from "../redact/Redactor";

/** What stands before the host of a URL. A login over ssh has a key, and its user is no secret. */
const IN_URL = /(\b(?![a-z0-9+.-]*ssh:)[a-z][a-z0-9+.-]*:\/\/)([^\s/?#]*)@(?=[^\s/])/gi;
/** The same of a proxy's address, which may have no scheme, and in its password what belongs into no URL. */
const IN_ADDRESS = /^(\s*(?:[a-z][a-z0-9+.-]*:\/\/)?)(.*)@/is;
const PROXY_ADDRESS = /^(?:https?|ftp|all)_proxy$/i;

/** GitHub's, where the user is the secret. */
const NO_PASSWORDS = new Set(["", "x-oauth-basic"]);

/** Shorter passwords are only hidden beside their user: a word of three letters is in every second line of a build. */
const SHORTEST_PASSWORD = 4;
/** Names of people are shorter, and may stand anywhere; tokens are longer. */
const SHORTEST_TOKEN = 12;

/** What may not be seen of a build argument. */
export function argumentSecrets(name: string, value: string): readonly Secret[] {
  return userInfosIn(name, value).flatMap(secretsOf);
}

/**
 * A build argument as it may be shown and written down. Another secret still makes another text: what `digest` makes of
 * the value is put beside it.
 */
export async function maskArgument(
  name: string,
  value: string,
  digest: (text: string) => Promise<string>,
): Promise<string> {
  const masked = value.replace(patternFor(name), (_, before: string, info: string) => `${before}${shownFor(info)}@`);
  return masked === value ? value : `${masked} (${await digest(value)})`;
}

function userInfosIn(name: string, value: string): readonly string[] {
  return [...value.matchAll(patternFor(name))].flatMap(([, , info]) => (info === undefined ? [] : [info]));
}

function patternFor(name: string): RegExp {
  return PROXY_ADDRESS.test(name) ? new RegExp(IN_ADDRESS, "gis") : IN_URL;
}

function splitUserInfo(info: string): { readonly user: string; readonly password: string | undefined } {
  const colon = info.indexOf(":");
  return colon < 0
    ? { user: info, password: undefined }
    : { user: info.slice(0, colon), password: info.slice(colon + 1) };
}

function shownFor(info: string): string {
  const { user, password } = splitUserInfo(info);
  return password === undefined ? "***" : NO_PASSWORDS.has(password) ? "***:***" : `${user}:***`;
}

/** The secret beside its user, alone as it is written and as it is meant, and in the header that it becomes. */
function secretsOf(info: string): readonly Secret[] {
  const { user, password } = splitUserInfo(info);
  const isToken = password === undefined || NO_PASSWORDS.has(password);
  const alone = isToken ? user : password;
  const basic = Buffer.from(`${decoded(user)}:${decoded(password ?? "")}`)
    .toString("base64")
    .replace(/=+$/, "");
  return [
    { text: `${info}@`, shown: `${shownFor(info)}@` },
    ...[alone, decoded(alone)]
      .filter(({ length }) => length >= (isToken ? SHORTEST_TOKEN : SHORTEST_PASSWORD))
      .map((text) => ({ text, shown: "***" })),
    { text: basic, shown: "***" },
  ];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
