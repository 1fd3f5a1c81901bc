import { posix, win32 } from "node:path";

export interface ProgramFinder {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether there is a file that can be run. */
  readonly isProgram: (path: string) => boolean;
}

/** The path of a program, looked for through PATH as a shell does; never in the current folder. */
export function findProgram(name: string, { platform, env, isProgram }: ProgramFinder): string | undefined {
  const path = platform === "win32" ? win32 : posix;
  const file = platform === "win32" ? `${name}.exe` : name;
  return (env["PATH"] ?? env["Path"] ?? "")
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, file))
    .find(isProgram);
}
