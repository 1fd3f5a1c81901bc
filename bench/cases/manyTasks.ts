import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchCase } from "../BenchCase";
import { execOverApi } from "../environment.mjs";
import { measure } from "../measure";
import { WarmWorkspace } from "./WarmWorkspace";

const TASKS = 20;
const MOST_TIMES_ENGINE = 3;
const ENGINE = "the engine's API alone";

/** Many tasks of one workspace at once; against the same programs without anything around them. */
export const MANY_TASKS: BenchCase = {
  name: "many",
  title: "20 tasks at once, warm",
  rounds: 7,
  setUp: async (bench) => {
    const folder = bench.freshFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, "Dockerfile"), "FROM busybox\n");
    const workspace = await WarmWorkspace.open(bench, folder);
    const { container, execName } = workspace;
    const all = async (run: (command: readonly string[], word: string) => Promise<void>): Promise<void> => {
      const words = Array.from({ length: TASKS }, (_, index) => `task ${String(index)}`);
      await Promise.all(words.map(async (word) => run(["echo", word], word)));
    };
    const check = (output: string, word: string): void => {
      if (output !== `${word}\n`) {
        throw new Error(`"${output}" is not what ${word} writes`);
      }
    };
    return {
      base: ENGINE,
      contenders: [
        {
          name: "slipway",
          run: async () =>
            measure(async () =>
              all(async (command, word) => {
                let output = "";
                await workspace.run(command, (event) => {
                  output += event.type === "output" ? event.text : "";
                });
                check(output, word);
              }),
            ),
        },
        {
          name: ENGINE,
          run: async () =>
            measure(async () =>
              all(async (command, word) => {
                check(await execOverApi(bench.address, container, command), word);
              }),
            ),
        },
        ...(bench.cli === undefined
          ? []
          : [
              {
                name: execName,
                run: async () =>
                  measure(async () =>
                    all(async (command) => {
                      await workspace.runExec(workspace.exec(...command));
                    }),
                  ),
              },
            ]),
      ],
      limits: [{ of: "slipway", against: ENGINE, most: MOST_TIMES_ENGINE }],
    };
  },
};
