/** What the search for engines looks at, so that tests can give it any machine. */
export interface EndpointEnvironment {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
  /** The user's number; undefined on Windows. */
  readonly userId: number | undefined;
  /** Text of a file, or undefined when there is none that can be read. */
  readonly readFile: (path: string) => string | undefined;
}
