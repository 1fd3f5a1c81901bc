import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = join(__dirname, "programs", "contendForLock.ts");

interface Contender {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** The exit code, or the signal that ended it. */
  readonly exit: Promise<number | string | null>;
}

describe("BuildLock between processes", () => {
  let folder: string;
  const started: ChildProcess[] = [];

  function contend(rounds: number, how = ""): Contender {
    const child = spawn(process.execPath, ["--import", "tsx", PROGRAM, folder, String(rounds), how], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    started.push(child);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    const exit = once(child, "close").then(([code, signal]) => (code ?? signal) as number | string | null);
    return { child, output: () => output, exit };
  }

  async function until(contender: Contender, text: string): Promise<void> {
    while (!contender.output().includes(text)) {
      assert.equal(contender.child.exitCode, null, contender.output());
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-lock-"));
  });

  afterEach(async () => {
    started.splice(0).forEach((child) => child.kill("SIGKILL"));
    await rm(folder, { recursive: true, force: true });
  });

  it("is held by one at a time, and goes to exactly one when its holder is killed", async () => {
    const killed = contend(1, "hang");
    await until(killed, "held");
    const others = Array.from({ length: 5 }, () => contend(15));
    await Promise.all(others.map(async (other) => until(other, "waiting")));
    const waiting = `Another Slipway (process ${String(killed.child.pid)}) is building this image`;
    for (const other of others) {
      assert.ok(other.output().includes(waiting), other.output());
      assert.ok(!other.output().includes("held"), other.output());
    }
    killed.child.kill("SIGKILL");
    assert.equal(await killed.exit, "SIGKILL");
    assert.deepEqual(
      await Promise.all(others.map(async ({ exit }) => exit)),
      [0, 0, 0, 0, 0],
      others.map(({ output }) => output()).join("\n---\n"),
    );
    for (const other of others) {
      assert.equal(other.output().match(/^held$/gm)?.length, 15);
      assert.doesNotMatch(other.output(), /^warning/m);
    }
    assert.deepEqual(await readdir(join(folder, "locks")), []);
  });
});
