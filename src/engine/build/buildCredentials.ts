import type { FindLoginOptions, RegistryCredentials, RegistryLogin } from "../credentials/RegistryCredentials";
import { registryConfigHeader } from "../credentials/registryHeaders";
import type { NamedImage } from "./namedImages";

/**
 * For BuildKit, which asks for the login of whatever registry it comes upon, as a whole: those of the build's images, and
 * no others. It takes only one login for each registry. A login that is stored for some repositories is given when the
 * build takes an image from there; where two images have two logins, that of the first is.
 */
export function wholeRegistries(credentials: RegistryCredentials, images: readonly NamedImage[]): RegistryCredentials {
  return {
    async find({ registry }, options) {
      const repositories = images.flatMap(({ target }) => (target.registry === registry ? [target.repository] : []));
      for (const repository of repositories.length === 0 ? [] : [undefined, ...repositories]) {
        const login = await credentials.find({ registry, repository }, options);
        if (login !== undefined) {
          return login;
        }
      }
      return undefined;
    },
  };
}

/** For buildah, which is told beforehand: the logins for what the build names, and no others. */
export async function registryConfig(
  credentials: RegistryCredentials,
  images: readonly NamedImage[],
  options: FindLoginOptions,
): Promise<Readonly<Record<string, string>>> {
  const logins = new Map<string, { readonly target: NamedImage["target"]; readonly login: RegistryLogin }>();
  for (const { target } of images) {
    const key = `${target.registry}/${target.repository ?? ""}`;
    const login = logins.has(key) ? undefined : await credentials.find(target, options);
    if (login !== undefined) {
      logins.set(key, { target, login });
    }
  }
  const found = [...logins.values()];
  return registryConfigHeader(
    found.map(({ target, login }) => {
      const sameRegistry = found.filter((other) => other.target.registry === target.registry);
      const one = sameRegistry.every((other) => JSON.stringify(other.login) === JSON.stringify(login));
      return { target: one ? { registry: target.registry } : target, login };
    }),
  );
}
