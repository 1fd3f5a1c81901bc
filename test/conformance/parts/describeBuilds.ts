import assert from "node:assert/strict";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ImageBuildError } from "../../../src/core/errors/imageErrors";
import type { BuildEvent } from "../../../src/core/ports/BuildEvent";
import { collect } from "../collect";
import type { ConformanceFixture } from "../ConformanceFixture";
import { BUILD } from "../programs/buildPrograms";
import { runLine } from "../programs/ConformanceProgram";
import { readTar } from "../tarOf";

export function describeBuilds(fixture: ConformanceFixture): void {
  describe("builds", () => {
    it("give an image with tags and labels, and tell steps and their output", async () => {
      const options = await fixture.buildOptions(`FROM busybox\n${runLine(BUILD.fine)}\n`, { noCache: true });
      // Whoever builds again with the same options must be able to.
      Object.freeze(options);
      const events = await collect(fixture.engine.buildImage(options));
      const last = events.at(-1);
      assert.equal(last?.type, "image");
      const image = await fixture.engine.inspectImage(options.tags[0] ?? "");
      assert.equal(image?.id, last.imageId);
      assert.equal(image.labels["dev.slipway.test"], fixture.id);
      assert.match(outputOf(events), /building/);
      const names = events.flatMap((event) => (event.type === "step" ? [event.name] : []));
      assert.ok(
        names.some((step) => step.includes(runLine(BUILD.fine))),
        names.join("\n"),
      );
    });

    it("give all the tags that are asked for", async () => {
      const tags = [fixture.newReference(), fixture.newReference()];
      await fixture.build("FROM busybox\nLABEL tags=two\n", { tags });
      const [first, second] = await Promise.all(tags.map(async (tag) => fixture.engine.inspectImage(tag)));
      assert.ok(first);
      assert.equal(first.id, second?.id);
    });

    it("keep what the Dockerfile says of how to run the image", async () => {
      const tag = await fixture.build(
        [
          "FROM busybox",
          'ENV GREETING="a = b"',
          "WORKDIR /tmp",
          "USER 1234:1235",
          "EXPOSE 8080",
          "ONBUILD RUN echo later",
          'ENTRYPOINT ["echo", "from"]',
          'CMD ["the image"]',
        ].join("\n"),
      );
      const config = (await fixture.engine.inspectImage(tag))?.config;
      assert.ok(config);
      assert.ok(config.env.includes("GREETING=a = b"), String(config.env));
      assert.deepEqual(config.entrypoint, ["echo", "from"]);
      assert.deepEqual(config.command, ["the image"]);
      assert.equal(config.workingDirectory, "/tmp");
      assert.equal(config.user, "1234:1235");
      assert.deepEqual(config.exposedPorts, ["8080/tcp"]);
      assert.deepEqual(config.onBuild, fixture.differences.onBuild === "kept" ? ["RUN echo later"] : []);
    });

    it("take arguments", async () => {
      const args = { WHO: 'a "b" = c' };
      const dockerfile = `FROM busybox\nARG WHO\nLABEL who=$WHO\n${runLine(BUILD.greets)}\n`;
      const options = await fixture.buildOptions(dockerfile, { args, noCache: true });
      const events = await collect(fixture.engine.buildImage(options));
      assert.match(outputOf(events), /hello a "b" = c/);
      assert.equal((await fixture.engine.inspectImage(options.tags[0] ?? ""))?.labels["who"], args.WHO);
    });

    it("stop at the target", async () => {
      const dockerfile = `FROM busybox AS one\nENV STAGE=one\nFROM one AS two\nENV STAGE=two\nFROM nowhere.invalid/x\n`;
      const tag = await fixture.build(dockerfile, { target: "two" });
      assert.ok((await fixture.engine.inspectImage(tag))?.config.env.includes("STAGE=two"));
    });

    it("are for the platform that is asked for", async () => {
      const { platform } = fixture.info;
      const tag = await fixture.build("FROM busybox\nLABEL platform=own\n", { platform });
      assert.equal((await fixture.engine.inspectImage(tag))?.platform, platform);
    });

    it("take files of any name and mode, links and empty folders", async () => {
      const folder = await fixture.newFolder();
      const names = [
        "-dash",
        "two  spaces",
        "naïve 日本",
        "quote'd\"",
        "[brackets]*?",
        "$dollar",
        "#hash",
        "back\\slash",
      ];
      await mkdir(join(folder, "empty folder"));
      for (const name of names) {
        await writeFile(join(folder, name), `content of ${name}`);
      }
      await writeFile(join(folder, "tool"), "");
      await chmod(join(folder, "tool"), 0o755);
      await symlink("two  spaces", join(folder, "link"));
      const image = await fixture.build("FROM busybox\nCOPY . /copied/\n", { folder });
      const id = await fixture.create({ image });
      const copied = await readTar(fixture.engine.copyFrom(id, "/copied"));
      for (const name of names) {
        const entry = copied.get(`copied/${name}`);
        assert.equal(Buffer.from(entry?.content ?? "").toString("utf8"), `content of ${name}`, name);
      }
      assert.equal(copied.get("copied/empty folder")?.type, "directory");
      assert.equal(copied.get("copied/tool")?.mode, 0o755);
      assert.equal(copied.get("copied/link")?.target, "two  spaces");
    });

    it("say which step failed, with its exit code and its last output", async () => {
      const build = fixture.build(`FROM busybox\n${runLine(BUILD.fails)}\n`);
      await assert.rejects(build, (error: unknown) => {
        assert.ok(error instanceof ImageBuildError, String(error));
        assert.match(error.failure.step ?? "", /RUN echo before/);
        assert.equal(error.failure.exitCode, 4);
        assert.match(error.failure.output, /before/);
        assert.match(error.failure.output, /wrong/);
        return true;
      });
    });

    it("fail on a base image that is nowhere", async () => {
      await assert.rejects(fixture.build("FROM localhost:1/slipway-test/none:1\n"), ImageBuildError);
    });
  });
}

function outputOf(events: readonly BuildEvent[]): string {
  return events.map((event) => (event.type === "output" ? event.text : "")).join("");
}
