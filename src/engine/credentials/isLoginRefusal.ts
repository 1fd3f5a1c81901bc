/**
 * What engines write when a registry wants a login, or another one. Not among them: "pull access denied for X,
 * repository does not exist or may require 'docker login'", which is all that Docker Hub says of both.
 */
const REFUSALS: readonly RegExp[] = [
  // Docker 20.10 and 28.5, where there is no login.
  /\bno basic auth credentials\b/,
  // Docker 20.10 and 28.5, and Podman 4.3, for a wrong password; Podman 4.3 without one, too.
  /(?:^|: )unauthorized(?:: |$)/,
  // Podman 5.8, at the end of what could not be done.
  /(?:^|: )authentication required$/,
  // BuildKit, and registries that give out tokens.
  /\bfailed to fetch \w+ token: unexpected status(?: from \S+ request to \S+)?: 40\d\b/,
  /\bunexpected status(?: from \S+ request to \S+)?: 40[13]\b/,
  /\b401 Unauthorized\b/,
  /\bincorrect username or password\b/,
  /\binvalid username\/password\b/,
  /(?:^|: )denied: /,
];

const UNCERTAIN = /repository does not exist or may require/;

/**
 * Whether a refusal is about who asks. Where an engine answers with a status of its own (Docker 28.5, Podman 5.8),
 * that decides; else its words are all there is.
 *
 * @param status 200 where the refusal came as a line of an answer.
 */
export function isLoginRefusal(status: number, detail: string): boolean {
  return status === 401 || (!UNCERTAIN.test(detail) && REFUSALS.some((refusal) => refusal.test(detail.trim())));
}
