import { readdirSync, readFileSync } from "node:fs";

/** Processes of this machine, those in containers included, whose command line has `text` in it. */
export function processesWith(text: string): readonly number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}
