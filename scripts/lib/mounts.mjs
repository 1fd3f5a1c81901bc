import { readFileSync } from "node:fs";
import { runAsRoot } from "./rootAccess.mjs";

/** What is mounted below a folder, innermost first. `table` is written like /proc/self/mounts. */
export function mountsBelow(folder, table) {
  return table
    .split("\n")
    .map((line) => line.split(" ")[1]?.replaceAll("\\040", " ") ?? "")
    .filter((path) => path.startsWith(`${folder}/`))
    .reverse();
}

/** Unmounts what it can below a folder; what is in use stays. */
export async function unmountBelow(folder) {
  for (const path of mountsBelow(folder, readFileSync("/proc/self/mounts", "utf8"))) {
    await runAsRoot(["umount", path]).catch(() => {});
  }
}
