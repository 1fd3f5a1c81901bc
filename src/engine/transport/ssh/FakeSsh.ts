import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** For tests: a shell script in the place of ssh, and the folder that it would have its sockets in. */
export class FakeSsh {
  private constructor(private readonly root: string) {}

  /** @param script calls `ready [PID]` once it has come so far that a test may go on; PID is who counts as ssh. */
  static async write(script: string): Promise<FakeSsh> {
    const fake = new FakeSsh(await mkdtemp(join(tmpdir(), "slipway-fake-ssh-")));
    await mkdir(fake.folder);
    await writeFile(join(fake.folder, "c"), "");
    const ready = `ready() { echo "\${1:-$$}" $PPID >'${fake.root}/new'; mv '${fake.root}/new' '${fake.root}/ready'; }`;
    await writeFile(fake.program, `#!/bin/sh\n${ready}\n${script}\n`);
    await chmod(fake.program, 0o755);
    return fake;
  }

  get program(): string {
    return join(this.root, "ssh");
  }

  get folder(): string {
    return join(this.root, "sockets");
  }

  get folderExists(): boolean {
    return existsSync(this.folder);
  }

  /** Who counts as ssh, and the parent of the script. */
  async whenReady(): Promise<{ readonly pid: number; readonly watcher: number }> {
    await until(() => existsSync(join(this.root, "ready")), "the script is ready");
    const [pid, watcher] = (await readFile(join(this.root, "ready"), "utf8")).split(" ").map(Number);
    return { pid: pid ?? 0, watcher: watcher ?? 0 };
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

/** What `ps` says of a process: "T" where it was stopped. Empty where it has ended, also if nobody has asked for it yet. */
export function stateOf(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" })
      .trim()
      .replace(/^Z.*/, "");
  } catch {
    return "";
  }
}

export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 4_000;
  while (!condition()) {
    if (performance.now() > end) {
      throw new Error(`waited in vain until ${what}`);
    }
    await delay(5);
  }
}
