import { createWriteStream } from "node:fs";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { once } from "node:events";
import type { BenchCase } from "../BenchCase";
import { measure } from "../measure";
import { runProgram } from "../runProgram";
import { WarmWorkspace } from "./WarmWorkspace";

const BYTES = 300_000_000;
const LINE = `${"All work and no play makes a long line of output, and a line like many others. ".repeat(2)}\n`;
const LINES_AT_ONCE = 5_000;
const MOST_TIMES_EXEC = 1;
const MOST_GROWTH_MB = 100;
const FILE = "output.txt";

/** A task writes 300 MB; whoever looks at it counts the bytes, and in one contender takes them as text, as the editor does. */
export const MANY_BYTES: BenchCase = {
  name: "output",
  title: "300 MB of output, warm",
  rounds: 5,
  setUp: async (bench) => {
    const folder = bench.freshFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, "Dockerfile"), "FROM busybox\n");
    await writeLines(join(folder, FILE));
    const workspace = await WarmWorkspace.open(bench, folder);
    const command = ["cat", FILE];
    const read = async (lengthOf: (output: { readonly data: Uint8Array; readonly text: string }) => number) =>
      measure(async () => {
        let length = 0;
        await workspace.run(command, (event) => {
          length += event.type === "output" && event.stream === "stdout" ? lengthOf(event) : 0;
        });
        if (length !== BYTES) {
          throw new Error(`${String(length)} bytes came of ${String(BYTES)}`);
        }
      });
    const exec = workspace.exec(...command);
    return {
      base: exec === undefined ? undefined : workspace.execName,
      contenders: [
        { name: "slipway", run: async () => read(({ data }) => data.length) },
        // Of these lines, each byte is one character.
        { name: "slipway, as text", run: async () => read(({ text }) => text.length) },
        { name: "slipway run", run: async () => runProgram({ ...workspace.slipway(...command), discard: true }) },
        ...(exec === undefined
          ? []
          : [{ name: workspace.execName, run: async () => workspace.runExec({ ...exec, discard: true }) }]),
      ],
      limits: [
        ...workspace.againstExec("slipway", MOST_TIMES_EXEC),
        { of: "slipway", metric: "growthMb", most: MOST_GROWTH_MB },
        { of: "slipway, as text", metric: "growthMb", most: MOST_GROWTH_MB },
      ],
    };
  },
};

async function writeLines(path: string): Promise<void> {
  const block = Buffer.from(LINE.repeat(LINES_AT_ONCE));
  const file = createWriteStream(path);
  for (let left = BYTES; left > 0; left -= block.length) {
    if (!file.write(block.subarray(0, left))) {
      await once(file, "drain");
    }
  }
  file.end();
  await once(file, "close");
}
