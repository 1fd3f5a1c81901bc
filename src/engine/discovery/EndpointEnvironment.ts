/** What the search for engines looks at, so that tests can give it any machine. */
export interface EndpointEnvironment {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
  readonly temporaryFolder: string;
  /** The user's number; undefined on Windows. */
  readonly userId: number | undefined;
  /** Whether engines on other machines may be used without TLS. */
  readonly allowPlainTcp: boolean;
  /** Text of a file, or undefined when there is none that can be read. */
  readonly readFile: (path: string) => string | undefined;
  /** The names of what is in a folder, in their order; none when it cannot be read. */
  readonly listFolder: (path: string) => readonly string[];
  /** Whether there is a file that can be run. */
  readonly isProgram: (path: string) => boolean;
}

/** Of a variable of the environment. An empty one counts as none, as for docker's own client. */
export function variable({ env }: Pick<EndpointEnvironment, "env">, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}
