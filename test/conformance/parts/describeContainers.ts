import assert from "node:assert/strict";
import { ContainerStartError } from "../../../src/core/errors/containerErrors";
import type { ConformanceFixture } from "../ConformanceFixture";
import { BASIC } from "../programs/basicPrograms";
import { BUILD } from "../programs/buildPrograms";
import { runLine } from "../programs/ConformanceProgram";
import { CONTAINER } from "../programs/containerPrograms";
import { STREAM } from "../programs/streamPrograms";

export function describeContainers(fixture: ConformanceFixture): void {
  describe("containers", () => {
    it("keep stdout and stderr apart and tell the exit code", async () => {
      const { code, stdout, stderr } = await fixture.runToEnd({ program: BASIC.both });
      assert.deepEqual({ code, stdout, stderr }, { code: 3, stdout: "out\n", stderr: "err\n" });
    });

    it("lose no line", async () => {
      const { stdout } = await fixture.runToEnd({ program: BASIC.many });
      assert.equal(stdout, Array.from({ length: 20_000 }, (_, index) => `${String(index + 1)}\n`).join(""));
    });

    it("lose nothing that comes in many small pieces", async () => {
      const { stdout } = await fixture.runToEnd({ program: BASIC.pieces });
      assert.equal(stdout, Array.from({ length: 5_000 }, (_, index) => `${String(index + 1)}\n`).join(""));
    });

    it("give bytes as they are", async () => {
      const { output } = await fixture.startReading({ program: BASIC.bytes });
      await output.end();
      assert.equal(output.stdout.toString("hex"), "0001ff61c3a90a");
    });

    it("write all to stdout where they have a terminal", async () => {
      const { id, stdout, stderr } = await fixture.runToEnd({ program: STREAM.onTerminal, tty: true });
      assert.equal(stdout, "terminal\r\nout\r\nerr\r\n");
      assert.equal(stderr, "");
      assert.equal((await fixture.engine.inspectContainer(id))?.tty, true);
    });

    it("have their environment and working folder", async () => {
      const env = { GREETING: 'a "quoted" = $VALUE' };
      const { id, stdout } = await fixture.runToEnd({ program: BASIC.environment, env, workingDirectory: "/tmp" });
      assert.equal(stdout, 'a "quoted" = $VALUE\n/tmp\n');
      const details = await fixture.engine.inspectContainer(id);
      assert.ok(details);
      assert.ok(details.env.includes(`GREETING=${env.GREETING}`), String(details.env));
      assert.equal(details.workingDirectory, "/tmp");
    });

    it("take any text in the environment", async () => {
      const GREETING = "one\ntwo=2 'three' \"four\" $FIVE ` \\ naïve 日本 ";
      const { stdout } = await fixture.runToEnd({ program: CONTAINER.printGreeting, env: { GREETING } });
      assert.equal(stdout, `${GREETING}\n`);
    });

    it("keep labels with any text, and are found by them", async () => {
      const odd = "a=b,c \"d\" 'e' {f} naïve 日本\nsecond line";
      const labels = { ...fixture.labels, "dev.slipway.odd": odd, "dev.slipway.empty": "" };
      const id = await fixture.create({ labels });
      const details = await fixture.engine.inspectContainer(id);
      assert.equal(details?.labels["dev.slipway.odd"], odd);
      assert.equal(details.labels["dev.slipway.empty"], "");
      assert.deepEqual(
        (await fixture.engine.listContainers({ labels })).map((listed) => listed.id),
        [id],
      );
    });

    it("tell in a list which image they were made of, by its ID", async () => {
      const image = await fixture.build("FROM busybox\nENV LISTED=1\n");
      const id = await fixture.create({ image });
      const [listed] = await fixture.engine.listContainers({ labels: fixture.labels, ids: [id] });
      assert.equal(listed?.imageId, (await fixture.engine.inspectImage(image))?.id);
    });

    it("run the image's own command, in its own folder, where none is given", async () => {
      const command = JSON.stringify(BASIC.environment.argv);
      const image = await fixture.build(`FROM busybox\nWORKDIR /tmp\nCMD ${command}\n`);
      const { stdout } = await fixture.runToEnd({ image, command: undefined, env: { GREETING: "hello" } });
      assert.equal(stdout, "hello\n/tmp\n");
    });

    it("keep the image's entrypoint with its command, leave it with another, and take another one", async () => {
      const image = await fixture.build('FROM busybox\nENTRYPOINT ["echo"]\nCMD ["from the image"]\n');
      assert.equal((await fixture.runToEnd({ image, command: undefined })).stdout, "from the image\n");
      assert.equal((await fixture.runToEnd({ image, program: BASIC.both })).stdout, "out\n");
      const entrypoint = ["echo", "from"];
      assert.equal(
        (await fixture.runToEnd({ image, entrypoint, command: ["the command"] })).stdout,
        "from the command\n",
      );
      // The image's own command stays behind another entrypoint.
      assert.equal(
        (await fixture.runToEnd({ image, entrypoint: ["echo"], command: undefined })).stdout,
        "from the image\n",
      );
    });

    it("say when their program cannot be run", async () => {
      const id = await fixture.create({ program: BASIC.missing });
      await assert.rejects(fixture.engine.startContainer(id), ContainerStartError);
    });

    it("run as the user that is named, by name and by number", async () => {
      const image = await fixture.build(`FROM busybox\n${runLine(BUILD.addsUser)}\n`);
      const named = { image, program: CONTAINER.identity, user: { kind: "named", name: "tester" } } as const;
      assert.equal((await fixture.runToEnd(named)).stdout, "1234\n1235\n");
      const numbered = { program: CONTAINER.identity, user: { kind: "named", name: "77:78" } } as const;
      assert.equal((await fixture.runToEnd(numbered)).stdout, "77\n78\n");
    });

    it("run as the image's user where none is named", async () => {
      const image = await fixture.build("FROM busybox\nUSER 55:56\n");
      const { id, stdout } = await fixture.runToEnd({ image, program: CONTAINER.identity });
      assert.equal(stdout, "55\n56\n");
      assert.equal((await fixture.engine.inspectContainer(id))?.user, "55:56");
      assert.equal(
        (await fixture.runToEnd({ image, program: CONTAINER.identity, user: { kind: "image" } })).stdout,
        "55\n56\n",
      );
    });
  });
}
