/** This machine, as far as it says where Docker's and Podman's own clients keep their settings. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
}
