import type { EngineKind } from "../../core/ports/EngineInfo";
import { askCredentialHelper } from "./askCredentialHelper";
import { DOCKER_HUB } from "./imageRegistry";
import { loginSources, type LoginEnvironment } from "./loginSources";
import { parseStoredLogin } from "./parseStoredLogin";
import { nameOf, readLogins, type LoginFile } from "./readLogins";
import type { FindLoginOptions, RegistryCredentials, RegistryLogin, RegistryRepository } from "./RegistryCredentials";
import { canonicalHost, isKeyFor, registryKey } from "./registryKey";

/** Under this name docker and its helpers keep the login for Docker Hub (registry.IndexServer of docker/docker). */
const HUB_SERVER = "https://index.docker.io/v1/";

/** For how long a helper that did not answer is not asked again, in milliseconds: about as long as a build asks. */
const SILENT_FOR_MS = 60_000;

/** A place in a file where the login may be, the most fitting first. */
type Place =
  | { readonly kind: "helper"; readonly name: string; readonly path: string }
  | { readonly kind: "entry"; readonly key: string; readonly entry: unknown; readonly path: string };

/**
 * The logins that `docker login` and `podman login` have stored on this machine. Files are read and helpers asked anew
 * each time: nothing secret is kept here.
 */
export class MachineCredentials implements RegistryCredentials {
  /** Helpers that did not answer, and until when they are left alone. */
  private readonly silent = new Map<string, number>();

  /** @param kind the engine's, whose own client's files come first. */
  constructor(
    private readonly environment: LoginEnvironment,
    private readonly kind: EngineKind,
  ) {}

  async find(target: RegistryRepository, options: FindLoginOptions = {}): Promise<RegistryLogin | undefined> {
    const { signal, onWarning = () => undefined } = options;
    for (const source of loginSources(this.environment, this.kind)) {
      signal?.throwIfAborted();
      const file = await readLogins(source, onWarning);
      for (const place of file === undefined ? [] : placesFor(file, target)) {
        const login = await this.look(place, target.registry, {
          signal,
          onWarning: (problem) => {
            onWarning(`${problem} (${nameOf(source)})`);
          },
        });
        if (login !== undefined) {
          return login;
        }
      }
    }
    return undefined;
  }

  private async look(
    place: Place,
    registry: string,
    { signal, onWarning }: { readonly signal: AbortSignal | undefined; readonly onWarning: (problem: string) => void },
  ): Promise<RegistryLogin | undefined> {
    if (place.kind === "entry") {
      const login = parseStoredLogin(place.entry);
      if (login === "invalid") {
        onWarning(`The login for ${place.key} is damaged: log in anew`);
      }
      return typeof login === "string" ? undefined : login;
    }
    if (performance.now() < (this.silent.get(place.name) ?? 0)) {
      return undefined;
    }
    const server = canonicalHost(registry) === DOCKER_HUB ? HUB_SERVER : registry;
    const answer = await askCredentialHelper({ name: place.name, server, environment: this.environment, signal });
    switch (answer.kind) {
      case "login":
        return answer.login;
      case "none":
        return undefined;
      case "failed":
        this.silent.set(place.name, performance.now() + SILENT_FOR_MS);
        onWarning(`No login for ${registry} could be looked up: ${answer.problem}`);
        return undefined;
    }
  }
}

/** The longest key first, as Podman does; a helper before what the file itself has, as docker does. */
function placesFor({ auths, credHelpers, credsStore }: LoginFile, target: RegistryRepository): readonly Place[] {
  const fitting = <T>(
    entries: Readonly<Record<string, T>> | null | undefined,
  ): readonly (readonly [string, T, string])[] =>
    Object.entries(entries ?? {}).flatMap(([key, value]) => {
      const parsed = registryKey(key);
      return parsed !== undefined && isKeyFor(parsed, target.registry, target.repository)
        ? [[key, value, parsed.path] as const]
        : [];
    });
  const helpers = fitting(credHelpers);
  // For docker, an empty name says that this registry's login is in the file itself.
  const inFile = helpers.some(([, name]) => name === "");
  const places: readonly Place[] = [
    ...helpers.flatMap(([, name, path]) => (name === "" ? [] : [{ kind: "helper" as const, name, path }])),
    ...(credsStore && !inFile ? [{ kind: "helper" as const, name: credsStore, path: "" }] : []),
    ...fitting(auths)
      .toSorted(([a], [b]) => Number(b === target.registry) - Number(a === target.registry))
      .map(([key, entry, path]) => ({ kind: "entry" as const, key, entry, path })),
  ];
  return places.toSorted((a, b) => b.path.length - a.path.length);
}
