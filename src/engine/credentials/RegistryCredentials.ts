/** What a registry is shown instead of a name and a password, or both of them. Secret: never logged, never in an error. */
export type RegistryLogin =
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  | { readonly kind: "identity-token"; readonly token: string };

/** Whom a login is for. */
export interface RegistryRepository {
  /** As it stands before the name of an image, "registry.example.com:5000"; "docker.io" for Docker Hub. */
  readonly registry: string;
  /** The rest of the image's name without tag and digest: "team/app". Undefined asks for the registry as a whole. */
  readonly repository?: string | undefined;
}

export interface FindLoginOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told, for people and without any secret, what kept a login from being looked up. The search goes on. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** Where an engine's client keeps its logins. */
export interface RegistryCredentials {
  /** @returns the login that was stored for exactly this registry, or undefined, which means to ask anonymously. */
  find(target: RegistryRepository, options?: FindLoginOptions): Promise<RegistryLogin | undefined>;
}

export const noCredentials: RegistryCredentials = { find: async () => Promise.resolve(undefined) };
