export const chromiumArguments: readonly string[];

export function ensureChromium(options?: {
  readonly log?: (message: string) => void;
}): Promise<{ readonly path: string } | { readonly reason: string }>;
