import type { EngineCli } from "./EngineCli";
import type { Program } from "./runProgram";

/** Another program that builds images. */
export interface Rival {
  readonly name: string;
  /** Whether the limits are about it. */
  readonly counts: boolean;
  readonly command: (folder: string, tag: string) => Program;
}

/** On Podman, no limits are about it: it has no BuildKit, and both send the whole context. */
export function rivalsOf(cli: EngineCli | undefined): readonly Rival[] {
  if (cli === undefined) {
    return [];
  }
  const rival = (...args: readonly string[]): Rival => ({
    name: [cli.name, ...args].join(" "),
    counts: cli.name === "docker" && args.length === 1,
    command: (context, tag) =>
      cli.program(...args, ...(cli.name === "docker" ? ["--progress", "plain"] : []), "--tag", tag, context),
  });
  return [rival("build"), ...(cli.hasBuildx ? [rival("buildx", "build")] : [])];
}
