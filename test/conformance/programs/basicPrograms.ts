import { setTimeout } from "node:timers/promises";
import { program, shell } from "./ConformanceProgram";
import { whenAborted } from "./whenAborted";

/** What most parts of the suite use. */
export const BASIC = {
  both: shell("echo out; echo err >&2; exit 3", ({ write }) => {
    write("stdout", "out\n");
    write("stderr", "err\n");
    return 3;
  }),
  ok: program(["true"], () => 0),
  // As a container's first process, sleep does not hear SIGTERM.
  sleep: program(["sleep", "300"], async () => new Promise<number>(() => undefined)),
  trap: shell("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.1; done", async ({ write, terminate }) => {
    write("stdout", "ready\n");
    await whenAborted(terminate);
    write("stdout", "bye\n");
    return 0;
  }),
  environment: shell('echo "$GREETING"; pwd', ({ write, env, workingDirectory }) => {
    write("stdout", `${env["GREETING"] ?? ""}\n${workingDirectory}\n`);
    return 0;
  }),
  many: shell("seq 1 20000", ({ write }) => {
    write("stdout", Array.from({ length: 20_000 }, (_, index) => `${String(index + 1)}\n`).join(""));
    return 0;
  }),
  // Each line is written by itself, so that it comes in a frame of its own.
  pieces: shell("i=0; while [ $i -lt 5000 ]; do i=$((i+1)); echo $i; done", ({ write }) => {
    for (let line = 1; line <= 5000; line++) {
      write("stdout", `${String(line)}\n`);
    }
    return 0;
  }),
  bytes: program(["printf", "\\000\\001\\377a\\303\\251\\012"], ({ write }) => {
    write("stdout", Buffer.from([0, 1, 0xff, 0x61, 0xc3, 0xa9, 0x0a]));
    return 0;
  }),
  exchange: shell("cat /workspace/given.txt; echo made > /workspace/made.txt", ({ write, files, user }) => {
    const [uid = 0, gid = 0] = user.split(":").map(Number);
    write("stdout", files.read("/workspace/given.txt"));
    files.write("/workspace/made.txt", "made\n", { uid, gid });
    return 0;
  }),
  missing: program(["no-such-program"], () => 127),
  slowLines: shell("echo one; sleep 1; echo two", async ({ write }) => {
    write("stdout", "one\n");
    await setTimeout(50);
    write("stdout", "two\n");
    return 0;
  }),
} as const;
