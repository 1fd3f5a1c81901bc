import { lstatSync, readdirSync, renameSync, unlinkSync, type Stats } from "node:fs";
import { join } from "node:path";
import { TimeSlices } from "../TimeSlices";

/**
 * Moves what is at `from` to `to`. A folder is merged with the one that is there: files and links are replaced one by one,
 * nothing else is removed, and no link in it is followed.
 *
 * @returns paths of folders that something which is none would have had to replace; they were left alone.
 */
export async function moveInto(from: string, to: string): Promise<readonly string[]> {
  const inTheWay: string[] = [];
  const slices = new TimeSlices(1);
  const waiting = [{ from, to }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const pause = slices.pause();
    if (pause !== undefined) {
      await pause;
    }
    const { from: source, to: target } = next;
    const isFolder = lstatSync(source).isDirectory();
    const there = tryLstat(target);
    if (there?.isDirectory() !== true) {
      if (isFolder && there !== undefined) {
        unlinkSync(target);
      }
      renameSync(source, target);
    } else if (isFolder) {
      waiting.push(...readdirSync(source).map((name) => ({ from: join(source, name), to: join(target, name) })));
    } else {
      inTheWay.push(target);
    }
  }
  return inTheWay;
}

function tryLstat(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
