/**
 * What programs take their authorities from: OpenSSL, Go, curl and what is built on them; Node.js; Python's requests and
 * pip; git; cargo; AWS's and Deno's tools. NODE_EXTRA_CA_CERTS adds to what is built in, all others stand for it, so the
 * file has the public authorities, too.
 */
const CA_VARIABLES = [
  "SSL_CERT_FILE",
  "NODE_EXTRA_CA_CERTS",
  "REQUESTS_CA_BUNDLE",
  "PIP_CERT",
  "CURL_CA_BUNDLE",
  "GIT_SSL_CAINFO",
  "CARGO_HTTP_CAINFO",
  "AWS_CA_BUNDLE",
  "DENO_CERT",
];

/** The variables that lead to the file with the authorities, but for those that are set already. */
export function caVariables(path: string, alreadySet: ReadonlySet<string>): Readonly<Record<string, string>> {
  return Object.fromEntries(CA_VARIABLES.filter((name) => !alreadySet.has(name)).map((name) => [name, path]));
}

/** The names in a list of "NAME=value". */
export function namesIn(env: readonly string[]): readonly string[] {
  return env.map((entry) => entry.replace(/=.*$/s, ""));
}
