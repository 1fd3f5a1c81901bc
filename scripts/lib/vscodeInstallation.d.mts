export interface Installation {
  readonly node: string;
  readonly serverMain: string;
}

export function ensureVscodeServer(options?: { readonly log?: (message: string) => void }): Promise<Installation>;
