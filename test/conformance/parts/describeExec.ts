import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { ConformanceFixture } from "../ConformanceFixture";
import { OutputReader } from "../OutputReader";
import { BASIC } from "../programs/basicPrograms";
import { BUILD } from "../programs/buildPrograms";
import { runLine } from "../programs/ConformanceProgram";
import { CONTAINER } from "../programs/containerPrograms";
import { STREAM } from "../programs/streamPrograms";
import { sharedContainer } from "../sharedContainer";

const MEGABYTE = 1 << 20;
const PIECE_BYTES = 1 << 16;
/** More than pipes and sockets hold on the way. */
const FLOOD_BYTES = 64 * MEGABYTE;

export function describeExec(fixture: ConformanceFixture): void {
  describe("exec", () => {
    const container = sharedContainer(fixture, async () => ({
      image: await fixture.build(`FROM busybox\n${runLine(BUILD.addsUser)}\n`),
      env: { GREETING: "of the container" },
      workingDirectory: "/tmp",
    }));

    it("keeps stdout and stderr apart and tells the exit code", async () => {
      assert.deepEqual(await fixture.execToEnd(container(), BASIC.both), {
        ...{ code: 3, stdout: "out\n", stderr: "err\n" },
      });
    });

    it("has the container's environment and working folder, and its own beside them", async () => {
      assert.equal((await fixture.execToEnd(container(), BASIC.environment)).stdout, "of the container\n/tmp\n");
      const own = { env: { GREETING: "its = 'own'" }, workingDirectory: "/etc" };
      assert.equal((await fixture.execToEnd(container(), BASIC.environment, own)).stdout, "its = 'own'\n/etc\n");
    });

    it("runs as a user, by name and by number", async () => {
      const identity = async (user: string | undefined): Promise<string> =>
        (await fixture.execToEnd(container(), CONTAINER.identity, { user })).stdout;
      assert.equal(await identity(undefined), "0\n0\n");
      assert.equal(await identity("tester"), "1234\n1235\n");
      assert.equal(await identity("77:78"), "77\n78\n");
    });

    it("loses no line", async () => {
      const { stdout } = await fixture.execToEnd(container(), BASIC.many);
      assert.equal(stdout, Array.from({ length: 20_000 }, (_, index) => `${String(index + 1)}\n`).join(""));
    });

    it("gives bytes as they are", async () => {
      const running = await fixture.exec(container(), BASIC.bytes);
      const output = new OutputReader(running.output);
      await output.end();
      assert.equal(output.stdout.toString("hex"), "0001ff61c3a90a");
      running.close();
    });

    it("has an ended stdin where none is asked for", async () => {
      assert.equal((await fixture.execToEnd(container(), STREAM.count)).stdout, "0\n");
    });

    it("reads what is written, and its end", async () => {
      const running = await fixture.exec(container(), STREAM.count, { stdin: true });
      const output = new OutputReader(running.output);
      for (let sent = 0; sent < MEGABYTE; sent += PIECE_BYTES) {
        await running.write(new Uint8Array(PIECE_BYTES));
      }
      await running.endInput();
      assert.equal((await output.end()).stdout, `${String(MEGABYTE)}\n`);
      assert.equal(await running.exitCode(), 0);
      running.close();
    });

    it("gives back what is written, byte for byte", async () => {
      const data = randomBytes(300_000);
      const running = await fixture.exec(container(), STREAM.copy, { stdin: true });
      const output = new OutputReader(running.output);
      await running.write(data);
      await running.endInput();
      await output.end();
      assert.ok(output.stdout.equals(data));
      assert.equal(await running.exitCode(), 0);
      running.close();
    });

    it("lets whoever writes wait while the program does not read", async () => {
      const running = await fixture.exec(container(), BASIC.sleep, { stdin: true });
      let sent = 0;
      const flood = (async (): Promise<void> => {
        while (sent < FLOOD_BYTES) {
          await running.write(new Uint8Array(MEGABYTE));
          sent += MEGABYTE;
        }
      })();
      flood.catch(() => undefined);
      const stuck = await isStuck(() => sent);
      running.close();
      assert.ok(stuck && sent < FLOOD_BYTES, `${String(sent)} bytes were taken`);
    });

    it("runs several at once", async () => {
      const names = Array.from({ length: 6 }, (_, index) => `number ${String(index)}`);
      const texts = await Promise.all(
        names.map(async (GREETING) => fixture.execToEnd(container(), BASIC.environment, { env: { GREETING } })),
      );
      assert.deepEqual(
        texts.map(({ stdout }) => stdout),
        names.map((name) => `${name}\n/tmp\n`),
      );
    });

    it("has a terminal of the size that it is given, before and after a change", async () => {
      const running = await fixture.exec(container(), STREAM.sizes, { tty: true, stdin: true });
      const output = new OutputReader(running.output);
      await output.seen("ready");
      await running.resize({ columns: 100, rows: 30 });
      await running.write(Buffer.from("\n"));
      await output.seen("30 100");
      await running.resize({ columns: 81, rows: 25 });
      await running.write(Buffer.from("\n"));
      await output.seen("25 81");
      await running.write(Buffer.from("end\n"));
      const { stderr } = await output.end();
      assert.equal(stderr, "");
      assert.equal(await running.exitCode(), 5);
      // The program has ended: nothing is left to be resized, which is no failure.
      await running.resize({ columns: 80, rows: 24 });
      running.close();
    });

    it("is interrupted by Ctrl-C in a terminal", async () => {
      const running = await fixture.exec(container(), CONTAINER.interruptible, { tty: true, stdin: true });
      const output = new OutputReader(running.output);
      await output.seen("ready");
      await running.write(Buffer.from([0x03]));
      await output.seen("interrupted");
      await output.end();
      assert.equal(await running.exitCode(), 9);
      running.close();
    });

    it("gets Ctrl-P as soon as it is typed", async () => {
      const running = await fixture.exec(container(), STREAM.firstByte, { tty: true, stdin: true });
      const output = new OutputReader(running.output);
      await output.seen("ready");
      await running.write(Buffer.from([0x10]));
      await output.seen(" 10");
      running.close();
    });
  });
}

/** Whether a number goes on growing no more, within some seconds. */
async function isStuck(progress: () => number): Promise<boolean> {
  for (let round = 0, last = -1; round < 20; round++) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (progress() === last) {
      return true;
    }
    last = progress();
  }
  return false;
}
