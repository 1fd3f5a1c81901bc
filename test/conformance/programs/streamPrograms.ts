import { setTimeout } from "node:timers/promises";
import { program, shell } from "./ConformanceProgram";
import { readLines } from "./readLines";

/** What reads its stdin, or has a terminal. */
export const STREAM = {
  count: program(["wc", "-c"], async ({ input, write }) => {
    let count = 0;
    for await (const chunk of input) {
      count += chunk.length;
    }
    write("stdout", `${String(count)}\n`);
    return 0;
  }),
  // Shows that it goes on, whoever listens.
  late: shell("echo ready; sleep 1; echo done > /tmp/late", async ({ write, files }) => {
    write("stdout", "ready\n");
    await setTimeout(50);
    files.write("/tmp/late", "done\n");
    return 0;
  }),
  copy: program(["cat"], async ({ input, write }) => {
    for await (const chunk of input) {
      write("stdout", chunk);
    }
    return 0;
  }),
  sizes: shell(
    'echo ready; while read -r line; do [ "$line" = end ] && exit 5; stty size; done',
    async ({ input, write, size }) => {
      write("stdout", "ready\n");
      for await (const line of readLines(input)) {
        if (line === "end") {
          return 5;
        }
        const { rows, columns } = size();
        write("stdout", `${String(rows)} ${String(columns)}\n`);
      }
      return 0;
    },
  ),
  // In raw mode the terminal passes on each byte as it comes.
  firstByte: shell("stty raw -echo; echo ready; head -c 1 | od -An -tx1; exit 6", async ({ input, write }) => {
    write("stdout", "ready\n");
    for await (const [byte = 0] of input) {
      write("stdout", ` ${byte.toString(16)}\n`);
      return 6;
    }
    return 1;
  }),
  onTerminal: shell("[ -t 1 ] && echo terminal; echo out; echo err >&2", ({ write, spec }) => {
    write("stdout", spec?.tty === true ? "terminal\nout\n" : "out\n");
    write("stderr", "err\n");
    return 0;
  }),
} as const;
