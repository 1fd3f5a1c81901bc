import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchCase } from "../BenchCase";
import { measure } from "../measure";
import { runProgram } from "../runProgram";
import { WarmWorkspace } from "./WarmWorkspace";

const LINES = 200_000;
const MOST_BLOCKED_MS = 50;
/** Each line is a write of its own, in turn to stdout and to stderr. */
const SCRIPT = `i=0; while [ $i -lt ${String(LINES)} ]; do echo $i; echo $((i + 1)) >&2; i=$((i + 2)); done`;

/** A task writes as many small pieces as it can; the numbers on the lines say whether one is lost or out of order. */
export const MANY_LINES: BenchCase = {
  name: "lines",
  title: "200,000 short lines, warm",
  rounds: 3,
  setUp: async (bench) => {
    const folder = bench.freshFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, "Dockerfile"), "FROM busybox\n");
    const workspace = await WarmWorkspace.open(bench, folder);
    const command = ["sh", "-c", SCRIPT];
    const exec = workspace.exec(...command);
    return {
      base: exec === undefined ? undefined : workspace.execName,
      contenders: [
        {
          name: "slipway",
          run: async () =>
            measure(async () => {
              const readers = { stdout: new LineReader(0), stderr: new LineReader(1) };
              await workspace.run(command, (event) => {
                if (event.type === "output") {
                  readers[event.stream].read(event.text);
                }
              });
              readers.stdout.end(LINES);
              readers.stderr.end(LINES + 1);
            }),
        },
        { name: "slipway run", run: async () => runProgram(workspace.slipway(...command)) },
        ...(exec === undefined ? [] : [{ name: workspace.execName, run: async () => workspace.runExec(exec) }]),
      ],
      limits: [{ of: "slipway", metric: "blockedMs", most: MOST_BLOCKED_MS }],
    };
  },
};

/** Every other number, one on each line. */
class LineReader {
  private rest = "";

  constructor(private next: number) {}

  read(text: string): void {
    const lines = `${this.rest}${text}`.split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line !== String(this.next)) {
        throw new Error(`"${line}" came where line ${String(this.next)} should be`);
      }
      this.next += 2;
    }
  }

  end(expected: number): void {
    if (this.next !== expected || this.rest !== "") {
      throw new Error(`the output ends before line ${String(this.next)}, not ${String(expected)}: "${this.rest}"`);
    }
  }
}
