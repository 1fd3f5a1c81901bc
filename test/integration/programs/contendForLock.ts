import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { BuildLock } from "../../../src/core/image/sharing/BuildLock";

/**
 * A process that takes one lock again and again. It writes "held" and "released" lines on stdout, and leaves with 3 when
 * it finds another living process where only one may be.
 *
 * Arguments: the folder, how many rounds, and "hang" to keep the lock for ever in the first one.
 */
async function main(folder: string, rounds: number, hang: boolean): Promise<void> {
  const lock = new BuildLock(join(folder, "locks"));
  for (let round = 0; round < rounds; round++) {
    const taking = lock.acquire("the image");
    let next = await taking.next();
    while (next.done !== true) {
      process.stdout.write(`${next.value.type} ${next.value.message}\n`);
      next = await taking.next();
    }
    const held = next.value;
    const inside = enter(folder);
    process.stdout.write("held\n");
    await setTimeout(hang ? 2 ** 30 : Math.random() * 4);
    rmSync(inside);
    await held.release();
    process.stdout.write("released\n");
  }
}

/** Each leaves its name first and looks for the others' then, so that of two at least one sees the other. */
function enter(folder: string): string {
  const own = join(folder, `inside-${String(process.pid)}`);
  writeFileSync(own, "");
  const others = readdirSync(folder).flatMap((name) => {
    const pid = /^inside-(\d+)$/.exec(name)?.[1];
    return pid === undefined ? [] : [Number(pid)];
  });
  // Those that were killed have left theirs.
  const there = others.filter((pid) => pid !== process.pid && isThere(pid));
  if (there.length > 0) {
    process.stdout.write(`two at a time: ${there.join(", ")}\n`);
    process.exit(3);
  }
  return own;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const [folder = "", rounds, how] = process.argv.slice(2);
void main(folder, Number(rounds), how === "hang");
