import type { RegistryLogin, RegistryRepository } from "./RegistryCredentials";
import { DOCKER_HUB } from "./imageRegistry";

/** What the Engine API calls an AuthConfig. */
function authConfig({ registry }: RegistryRepository, login: RegistryLogin): Readonly<Record<string, string>> {
  const serveraddress = registry === DOCKER_HUB ? "https://index.docker.io/v1/" : registry;
  switch (login.kind) {
    case "password":
      return { username: login.username, password: login.password, serveraddress };
    case "identity-token":
      return { identitytoken: login.token, serveraddress };
  }
}

/**
 * X-Registry-Auth: the login for one registry. Docker 20.10 refuses a push without the header (400), so there it is
 * sent for nobody, too.
 */
export function registryAuthHeader(
  target: RegistryRepository,
  login: RegistryLogin | undefined,
): Readonly<Record<string, string>> {
  return { "X-Registry-Auth": encode(login === undefined ? {} : authConfig(target, login)) };
}

/** X-Registry-Config: the logins for several registries, or for repositories of them, from which a build may pull. */
export function registryConfigHeader(
  logins: readonly { readonly target: RegistryRepository; readonly login: RegistryLogin }[],
): Readonly<Record<string, string>> {
  return logins.length === 0
    ? {}
    : {
        "X-Registry-Config": encode(
          Object.fromEntries(logins.map(({ target, login }) => [keyOf(target), authConfig(target, login)])),
        ),
      };
}

function keyOf({ registry, repository }: RegistryRepository): string {
  return repository === undefined ? registry : `${registry}/${repository}`;
}

/** Engines want the padding that Node's "base64url" leaves out. */
function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}
