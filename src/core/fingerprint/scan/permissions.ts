import type { Stats } from "node:fs";

const POSIX = process.platform !== "win32";

/** With setuid, setgid and sticky. Windows has no such bits; docker's own client sends 0755 for everything there. */
export function permissions(stats: Stats): number {
  return POSIX ? stats.mode & 0o7777 : 0o755;
}
