/** The docker CLI and its buildx plugin of Debian unstable, unpacked into the cache of these scripts and not installed. */
export function provideDockerCli(
  log: (line: string) => void,
): Promise<{ readonly docker: string; readonly buildx: string }>;

/** Makes a folder for DOCKER_CONFIG with nothing in it but the plugin. */
export function makeDockerConfig(folder: string, buildx: string | undefined): void;

/** The docker client of the distribution's docker.io, if it is installed. */
export function oldDockerCli(): string | undefined;

export function podmanCli(): string | undefined;

/** Of an engine of the farm, by its name; an address is given back as it is. Rejects when it is not up. */
export function engineAddress(name: string): Promise<string>;

/** One request to an engine, whose answer is JSON or nothing. */
export function askEngine(address: string, path: string, options?: { readonly method?: string }): Promise<unknown>;

/** The Dev Containers CLI, fetched into the cache of these scripts. @returns the path of a program for Node. */
export function provideDevcontainerCli(log: (line: string) => void): Promise<string>;

/** Runs a program in a container by the three requests that it takes. @returns its output; rejects when it fails. */
export function execOverApi(address: string, container: string, command: readonly string[]): Promise<string>;
