import { acquireContainer, type AcquiredContainer } from "../../../src/core/container/warm/acquireContainer";
import { parseEngineAddress } from "../../../src/engine/discovery/parseEngineAddress";
import { DockerodeEngine } from "../../../src/engine/DockerodeEngine";
import type { ContainerEngine } from "../../../src/core/ports/ContainerEngine";
import { workspaceOf } from "../../../src/core/Workspace";
import { preparedSpec } from "../../fake/preparedSpec";

/**
 * A process that uses warm containers as a window of the editor does. Arguments: the engine's address, the workspace's
 * folder, the cache's, keepWarm in milliseconds, and what is to be done: how many rounds, or a point at which it says
 * "here" and goes on no further, so that it can be killed there.
 */
async function main([
  address = "",
  folder = "",
  cache = "",
  keepWarm = "",
  what = "",
]: readonly string[]): Promise<void> {
  const parsed = parseEngineAddress(address);
  if ("problem" in parsed) {
    throw new Error(parsed.problem);
  }
  const engine = new DockerodeEngine({ address: parsed, source: "test" });
  const rounds = Number(what);
  const acquire = async (key: string, used: ContainerEngine = engine): Promise<AcquiredContainer> =>
    acquireContainer({
      ...{
        engine: used,
        workspace: workspaceOf(folder),
        cacheFolder: cache,
        session: "s",
        keepWarmMs: Number(keepWarm),
      },
      prepared: preparedSpec({ env: { KEY: key }, network: "none" }),
      image: { reference: "busybox", imageId: "busybox", fingerprint: undefined },
    });
  if (rounds > 0) {
    for (let round = 0; round < rounds; round++) {
      const container = await acquire(Math.random() < 0.8 ? "a" : "b");
      try {
        await run(engine, container.id, ["sh", "-c", "sleep 0.02; exit 5"], 5);
      } finally {
        const problems = await container.release(Math.random() < 0.2 ? "remove" : "warm");
        process.stdout.write(problems.map((problem) => `problem: ${problem}\n`).join(""));
      }
    }
    await engine.close();
    return;
  }
  const container = await acquire("a", stoppedAt(engine, what));
  if (what === "set-up") {
    await container.setup.lock();
  }
  if (what === "set-up" || what === "step") {
    void run(engine, container.id, ["sh", "-c", "trap '' TERM; sleep 100321 & wait"], 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await here();
}

async function run(engine: ContainerEngine, id: string, command: readonly string[], code: number): Promise<void> {
  const program = await engine.exec(id, {
    ...{ command, env: {}, workingDirectory: undefined, user: undefined, tty: false, stdin: false },
  });
  try {
    for await (const { data } of program.output) {
      process.stdout.write(data);
    }
    const real = await program.exitCode();
    if (real !== code) {
      throw new Error(`it ended with ${String(real)}`);
    }
  } finally {
    program.close();
  }
}

/** @param what "before createContainer", "after startContainer" */
function stoppedAt(engine: ContainerEngine, what: string): ContainerEngine {
  const [when, call] = what.split(" ");
  return new Proxy(engine, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property);
      return typeof value !== "function"
        ? value
        : property !== call
          ? (value.bind(target) as unknown)
          : async (...given: unknown[]): Promise<unknown> => {
              if (when === "before") {
                await here();
              }
              const result: unknown = await (Reflect.apply(value, target, given) as Promise<unknown>);
              await here();
              return result;
            };
    },
  });
}

async function here(): Promise<never> {
  process.stdout.write("here\n");
  // A promise alone keeps no process alive.
  return new Promise(() => setInterval(() => undefined, 1_000));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stdout.write(`failed: ${error instanceof Error ? (error.stack ?? "") : String(error)}\n`);
  process.exit(1);
});
