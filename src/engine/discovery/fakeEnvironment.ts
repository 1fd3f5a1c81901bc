import { posix } from "node:path";
import type { EndpointEnvironment } from "./EndpointEnvironment";

/** A machine in memory, for tests: Ada's Linux, with these files and, where programs are files, those on PATH. */
export function fakeEnvironment(
  more: Partial<EndpointEnvironment> = {},
  files: Readonly<Record<string, string>> = {},
): EndpointEnvironment {
  const paths = Object.keys(files);
  return {
    platform: "linux",
    env: {},
    homeFolder: "/home/ada",
    temporaryFolder: "/tmp",
    userId: 1000,
    allowPlainTcp: false,
    readFile: (path) => files[path],
    listFolder: (folder) => {
      const inside = paths.filter((path) => path.startsWith(`${folder}/`));
      return [...new Set(inside.map((path) => posix.relative(folder, path).split("/")[0] ?? ""))].sort();
    },
    isProgram: (path) => paths.includes(path),
    ...more,
  };
}
