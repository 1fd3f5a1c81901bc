import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FakeProgram } from "../../src/core/ports/FakeContainerEngine";

/** What the conformance suite runs: real engines run it with busybox, the fake one by the functions below. */
export const PROGRAM = {
  both: ["sh", "-c", "echo out; echo err >&2; exit 3"],
  ok: ["true"],
  sleep: ["sleep", "300"],
  trap: ["sh", "-c", "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.1; done"],
  environment: ["sh", "-c", 'echo "$GREETING"; pwd'],
  many: ["sh", "-c", "seq 1 20000"],
  characters: ["sh", "-c", "printf 'a\\303\\251\\n'"],
  exchange: ["sh", "-c", "cat /workspace/given.txt; echo made > /workspace/made.txt"],
  missing: ["no-such-program"],
  slowLines: ["sh", "-c", "echo one; sleep 1; echo two"],
} as const satisfies Record<string, readonly string[]>;

export const RUN = {
  fails: "echo before && echo wrong >&2 && exit 4",
  waits: "echo waiting && sleep 300",
  fine: "echo building",
} as const;

async function until(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) {
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => {
        resolve();
      });
    });
  }
}

const programs: readonly (readonly [readonly string[], FakeProgram])[] = [
  [
    PROGRAM.both,
    ({ write }) => {
      write("stdout", "out\n");
      write("stderr", "err\n");
      return 3;
    },
  ],
  [PROGRAM.ok, () => 0],
  // As a container's first process, sleep does not hear SIGTERM.
  [PROGRAM.sleep, async () => new Promise<number>(() => undefined)],
  [
    PROGRAM.trap,
    async ({ write, terminate }) => {
      write("stdout", "ready\n");
      await until(terminate);
      write("stdout", "bye\n");
      return 0;
    },
  ],
  [
    PROGRAM.environment,
    ({ write, env, workingDirectory }) => {
      write("stdout", `${env["GREETING"] ?? ""}\n${workingDirectory}\n`);
      return 0;
    },
  ],
  [
    PROGRAM.many,
    ({ write }) => {
      write("stdout", Array.from({ length: 20_000 }, (_, index) => `${String(index + 1)}\n`).join(""));
      return 0;
    },
  ],
  [
    PROGRAM.characters,
    ({ write }) => {
      write("stdout", "aé\n");
      return 0;
    },
  ],
  [
    PROGRAM.exchange,
    ({ write, mounts }) => {
      const folder = mounts[0]?.source ?? "";
      write("stdout", readFileSync(join(folder, "given.txt"), "utf8"));
      writeFileSync(join(folder, "made.txt"), "made\n");
      return 0;
    },
  ],
  [
    PROGRAM.slowLines,
    async ({ write }) => {
      write("stdout", "one\n");
      await new Promise((resolve) => setTimeout(resolve, 50));
      write("stdout", "two\n");
      return 0;
    },
  ],
  [
    ["/bin/sh", "-c", RUN.fails],
    ({ write }) => {
      write("stdout", "before\nwrong\n");
      return 4;
    },
  ],
  [
    ["/bin/sh", "-c", RUN.waits],
    async ({ terminate }) => {
      await until(terminate);
      return 143;
    },
  ],
  [
    ["/bin/sh", "-c", RUN.fine],
    ({ write }) => {
      write("stdout", "building\n");
      return 0;
    },
  ],
];

/** For the fake engine's options. */
export const conformancePrograms: Readonly<Record<string, FakeProgram>> = Object.fromEntries(
  programs.map(([argv, program]) => [JSON.stringify(argv), program]),
);
