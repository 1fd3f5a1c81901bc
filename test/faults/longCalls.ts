import { randomBytes } from "node:crypto";
import { pack } from "tar-stream";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import type { ContainerSpec, ExecSpec, OutputChunk } from "../../src/core/ports/ContainerTypes";
import { SilentRegistry } from "./SilentRegistry";

export const LABELS = { "dev.slipway.test": "faults" };

/** Something that an engine is in the middle of. `begun` is called once it is. */
export type LongCall = (engine: ContainerEngine, id: string, begun: () => void) => Promise<unknown>;

/** A container that writes for ever, with a file in it that no buffer between takes whole. */
export function busySpec(): ContainerSpec {
  const script = "dd if=/dev/zero of=/big bs=1M count=48 2> /dev/null; while :; do echo tick; sleep 0.1; done";
  return {
    ...{ image: "busybox", name: `slipway-test-faults-${randomBytes(4).toString("hex")}` },
    ...{ command: ["sh", "-c", script], workingDirectory: undefined, env: {}, labels: LABELS, mounts: [], ports: [] },
  };
}

export const EXEC: Omit<ExecSpec, "command"> = {
  ...{ env: {}, workingDirectory: undefined, user: undefined, tty: false, stdin: false },
};

async function readOn<T>(values: AsyncIterable<T>, begun: () => void, isBegun: (value: T) => boolean): Promise<void> {
  for await (const value of values) {
    if (isBegun(value)) {
      begun();
    }
  }
}
const says =
  (text: string) =>
  ({ data }: OutputChunk): boolean =>
    Buffer.from(data).toString().includes(text);

const exec =
  (stdin: boolean): LongCall =>
  async (engine, id, begun) => {
    const program = await engine.exec(id, { ...EXEC, stdin, command: ["sh", "-c", "echo ready; sleep 600"] });
    try {
      await readOn(program.output, begun, says("ready"));
      return await program.exitCode();
    } finally {
      program.close();
    }
  };

/** Each ends with an engine that is lost, and else never, or not soon. */
export const longCalls: Readonly<Record<string, LongCall>> = {
  build: async (engine, _, begun) => {
    const script = `FROM busybox\nRUN : ${randomBytes(4).toString("hex")}; echo be""gun; sleep 600\n`;
    const dockerfile = { pathInContext: undefined, content: Buffer.from(script) };
    const events = engine.buildImage({
      context: { root: "/nowhere", entries: [], dockerfile },
      ...{ tags: [], labels: LABELS, args: {} },
    });
    await readOn(events, begun, (event) => event.type === "output" && event.text.includes("begun"));
  },
  pull: async (engine, _, begun) => {
    const registry = await SilentRegistry.listen();
    void registry.asked.then(begun);
    try {
      await readOn(engine.pullImage({ reference: `${registry.address}/slipway-test/none:1` }), begun, () => false);
    } finally {
      await registry.close();
    }
  },
  exec: exec(false),
  "exec with stdin": exec(true),
  attach: async (engine, id, begun) => {
    // That it ends says nothing; what says so is what one asks then.
    await readOn(await engine.attachContainer(id), begun, says("tick")).catch(() => undefined);
    return engine.waitForExit(id);
  },
  "attach with stdin": async (engine, id, begun) => {
    const program = await engine.attachTerminal(id);
    try {
      await readOn(program.output, begun, says("tick"));
      return await program.exitCode();
    } finally {
      program.close();
    }
  },
  logs: async (engine, id, begun) => readOn(engine.containerLogs(id, { follow: true }), begun, says("tick")),
  stats: async (engine, id, begun) => readOn(engine.containerStats(id), begun, () => true),
  events: async (engine, _, begun) =>
    readOn(engine.watchEvents({ labels: LABELS }), begun, ({ kind }) => kind === "listening"),
  wait: async (engine, id, begun) => {
    const waiting = engine.waitForExit(id);
    setTimeout(begun, 300);
    return waiting;
  },
  copyTo: async (engine, id, begun) => {
    const tar = async function* (): AsyncGenerator<Uint8Array> {
      const packing = pack();
      packing.entry({ name: "half", size: 1 << 30 });
      for await (const head of packing) {
        yield head as Uint8Array;
        break;
      }
      for (;;) {
        yield new Uint8Array(1 << 16);
        begun();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await engine.copyTo(id, "/tmp", tar());
  },
  copyFrom: async (engine, id, begun) => {
    for await (const chunk of engine.copyFrom(id, "/big")) {
      if (chunk.length > 0) {
        begun();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  },
};

/** Begins with one. @returns once it has begun, how it will have ended. */
export async function beginLongCall(
  call: LongCall,
  engine: ContainerEngine,
  id: string,
): Promise<{ readonly end: Promise<unknown> }> {
  let end: Promise<unknown> = Promise.resolve();
  const ended = await new Promise<boolean>((resolve) => {
    end = call(engine, id, () => {
      resolve(false);
    }).then(
      (value) => ({ value }),
      (error: unknown) => error,
    );
    void end.then(() => {
      resolve(true);
    });
  });
  if (ended) {
    throw new Error("It was over before it had begun.", { cause: await end });
  }
  return { end };
}
