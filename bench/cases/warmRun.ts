import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "../Bench";
import type { BenchCase, Contender, Sample } from "../BenchCase";
import { COPY_ALL } from "../dockerfiles";
import type { EngineCli } from "../EngineCli";
import { provideDevcontainerCli } from "../environment.mjs";
import type { ContextShape } from "../makeContext";
import { measure } from "../measure";
import { runProgram } from "../runProgram";
import { WarmWorkspace } from "./WarmWorkspace";

export interface WarmRunOptions {
  readonly name: string;
  readonly title: string;
  readonly shape: ContextShape;
  readonly rounds: number;
  readonly mostTimesBuildAndRun: number;
  /** Undefined where nothing is held to it. */
  readonly mostTimesExec?: number;
  readonly mostTimesDevcontainer?: number;
}

const DEVCONTAINER = "devcontainer up, exec";

/** Build & Run of `true` where nothing has changed, and the ways to the same without Slipway. */
export function warmRun(options: WarmRunOptions): BenchCase {
  const { name, title, shape, rounds, mostTimesBuildAndRun, mostTimesExec, mostTimesDevcontainer } = options;
  return {
    name,
    title,
    rounds,
    setUp: async (bench) => {
      const folder = bench.context(name, shape, COPY_ALL);
      // Slipway's own comes first for Slipway, and both say the same.
      writeFileSync(join(folder, "slipway.json"), "{}\n");
      writeFileSync(join(folder, ".devcontainer.json"), '{ "build": { "dockerfile": "Dockerfile" } }\n');
      const workspace = await WarmWorkspace.open(bench, folder);
      const { cli } = bench;
      const buildAndRun = cli === undefined ? undefined : `${cli.name} build -q, run`;
      const devcontainer =
        mostTimesDevcontainer === undefined || cli?.name !== "docker"
          ? []
          : [await devcontainerRun(bench, cli, folder)];
      return {
        base: buildAndRun,
        contenders: [
          { name: "slipway", run: async () => measure(async () => workspace.run(["true"])) },
          { name: "slipway run", run: async () => runProgram(workspace.slipway("true")) },
          ...(cli === undefined || buildAndRun === undefined
            ? []
            : [
                { name: buildAndRun, run: async () => runAfterBuild(cli, folder, bench.imageName(`${name}-rival`)) },
                { name: workspace.execName, run: async () => workspace.runExec(workspace.exec("true")) },
              ]),
          ...devcontainer,
        ],
        limits: [
          ...(buildAndRun === undefined ? [] : [{ of: "slipway", against: buildAndRun, most: mostTimesBuildAndRun }]),
          ...(mostTimesExec === undefined ? [] : workspace.againstExec("slipway", mostTimesExec)),
          ...devcontainer.map((rival) => ({
            of: "slipway",
            against: rival.name,
            most: mostTimesDevcontainer ?? Number.NaN,
          })),
        ],
      };
    },
  };
}

async function runAfterBuild(cli: EngineCli, folder: string, tag: string): Promise<Sample> {
  const mount = `${folder}:/workspace`;
  const build = await runProgram(cli.program("build", "-q", "--tag", tag, folder));
  const run = await runProgram(cli.program("run", "--rm", "-v", mount, "-w", "/workspace", tag, "true"));
  return { ms: build.ms + run.ms };
}

/** Its container is made here, and used again in each round. */
async function devcontainerRun(bench: Bench, { path, env }: EngineCli, folder: string): Promise<Contender> {
  const program = await provideDevcontainerCli(bench.log);
  const data = bench.freshFolder();
  const options = ["--docker-path", path, "--workspace-folder", folder, "--user-data-folder", data];
  const devcontainer = async (command: string, ...args: readonly string[]): Promise<number> =>
    (await runProgram({ argv: [process.execPath, program, command, ...options, ...args], env })).ms;
  await devcontainer("up");
  return {
    name: DEVCONTAINER,
    run: async () => ({ ms: (await devcontainer("up")) + (await devcontainer("exec", "true")) }),
  };
}
