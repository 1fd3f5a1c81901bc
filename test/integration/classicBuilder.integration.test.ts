import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BuildOptionError, ImageBuildError } from "../../src/core/errors/imageErrors";
import type { BuildEvent } from "../../src/core/ports/BuildEvent";
import type { BuildImageOptions } from "../../src/core/ports/ContainerEngine";
import { currentEnvironment } from "../../src/engine/discovery/currentEnvironment";
import { DockerodeEngine } from "../../src/engine/DockerodeEngine";
import { collect } from "../conformance/collect";
import { ConformanceFixture } from "../conformance/ConformanceFixture";
import { BUILD, WAITS_SECONDS } from "../conformance/programs/buildPrograms";
import { runLine } from "../conformance/programs/ConformanceProgram";
import { readTar } from "../conformance/tarOf";
import { until } from "../conformance/until";
import { isPodman } from "./isPodman";
import { processesWith } from "./processes";
import { testEngines } from "./testEngines";

for (const { name, connect } of testEngines().filter((engine) => !isPodman(engine.address))) {
  describe(`Docker's classic builder on ${name}`, () => {
    const env = { ...process.env, DOCKER_BUILDKIT: "0" };
    const fixture = new ConformanceFixture({
      name,
      connect: () => new DockerodeEngine(connect().endpoint, { environment: { ...currentEnvironment(), env } }),
      pause: async () => Promise.resolve(),
      caller: () => ({ uid: 0, gid: 0 }),
    });
    before(async () => fixture.open());
    afterEach(async () => fixture.clean());
    after(async () => fixture.close());

    const build = async (
      dockerfile: string,
      options: Partial<BuildImageOptions> & { readonly folder?: string } = {},
    ): Promise<{ readonly tag: string; readonly events: readonly BuildEvent[] }> => {
      const all = await fixture.buildOptions(dockerfile, options);
      return { tag: all.tags[0] ?? "", events: await collect(fixture.engine.buildImage(all)) };
    };
    const steps = (events: readonly BuildEvent[]): readonly string[] =>
      events.flatMap((event) => (event.type === "step" ? [`${event.state} ${event.name}`] : []));
    const output = (events: readonly BuildEvent[]): string =>
      events.map((event) => (event.type === "output" ? event.text : "")).join("");

    it("builds what the context has, stage by stage, and tells of cached steps", async () => {
      const folder = await fixture.newFolder();
      await mkdir(join(folder, "empty folder"));
      await writeFile(join(folder, "größe 日本"), "content");
      await symlink("größe 日本", join(folder, "link"));
      const word = fixture.newName();
      const dockerfile = [
        "FROM busybox AS first",
        `RUN echo ${word} && echo oops >&2`,
        "COPY . /copied/",
        "FROM first",
        'CMD ["true"]',
        "",
      ].join("\n");
      const { tag, events } = await build(dockerfile, { folder, labels: { ...fixture.labels, "a.b": 'x "y" = z' } });
      assert.deepEqual(output(events).split("\n").sort(), ["", word, "oops"].sort());
      assert.equal(events.at(-1)?.type, "image");
      assert.ok(!steps(events).some((step) => step.includes("LABEL")), steps(events).join("\n"));
      const image = await fixture.engine.inspectImage(tag);
      assert.equal(image?.labels["a.b"], 'x "y" = z');
      assert.deepEqual(image.config.command, ["true"]);
      const copied = await readTar(fixture.engine.copyFrom(await fixture.create({ image: tag }), "/copied"));
      assert.equal(Buffer.from(copied.get("copied/größe 日本")?.content ?? "").toString("utf8"), "content");
      assert.equal(copied.get("copied/empty folder")?.type, "directory");
      assert.equal(copied.get("copied/link")?.target, "größe 日本");
      const again = await build(dockerfile, { folder });
      assert.ok(steps(again.events).includes(`cached Step 2/6 : RUN echo ${word} && echo oops >&2`));
      assert.equal(output(again.events), "");
    });

    it("keeps a Dockerfile that is no file of the context out of what is copied", async () => {
      const dockerfile = `FROM busybox\nCOPY . /copied/\n`;
      for (const ignored of [undefined, "Dockerfile\n"]) {
        const folder = await fixture.newFolder();
        await writeFile(join(folder, "file"), "");
        if (ignored !== undefined) {
          await writeFile(join(folder, ".dockerignore"), ignored);
        }
        const { tag, events } = await build(dockerfile, { folder });
        const copied = await readTar(fixture.engine.copyFrom(await fixture.create({ image: tag }), "/copied"));
        const names = [...copied.keys()].map((path) => path.replace(/^copied\/?/, "")).filter((path) => path !== "");
        assert.deepEqual(names.sort(), ignored === undefined ? ["file"] : [".dockerignore", "file"]);
        assert.ok(events.some((event) => event.type === "image"));
      }
    });

    it("knows the network, hosts, arguments and the target", async () => {
      const dockerfile = `FROM busybox AS one\nARG WHO\n${runLine(BUILD.network)}\n${runLine(BUILD.hosts)}\nENV WHO=$WHO\nFROM nowhere.invalid/x\n`;
      const { tag, events } = await build(dockerfile, {
        ...{ network: "none", extraHosts: { "slipway-host": "10.1.2.3" }, args: { WHO: "me" } },
        ...{ target: "one", cacheFrom: ["localhost:1/slipway-test/none:1"], noCache: true },
      });
      assert.match(output(events), /interfaces: 1\n/);
      assert.match(output(events), /10\.1\.2\.3\s+slipway-host\n/);
      assert.ok((await fixture.engine.inspectImage(tag))?.config.env.includes("WHO=me"));
    });

    it("says which step failed, with its exit code and its last output", async () => {
      await assert.rejects(build(`FROM busybox\n${runLine(BUILD.fails)}\n`, { noCache: true }), (error) => {
        assert.ok(error instanceof ImageBuildError);
        const { step, exitCode, output: last } = error.failure;
        assert.match(step ?? "", /^Step 2\/3 : RUN echo before/);
        assert.equal(exitCode, 4);
        assert.match(last, /before/);
        assert.match(last, /wrong/);
        return true;
      });
    });

    it("says what of BuildKit it does not know", async () => {
      await assert.rejects(
        build("FROM busybox\nRUN --mount=type=cache,target=/x true\n"),
        (error) => error instanceof ImageBuildError && /BuildKit/.test(error.message),
      );
      await assert.rejects(build("FROM busybox\n", { secrets: new Map([["a", Buffer.from("b")]]) }), BuildOptionError);
      await assert.rejects(
        build("FROM busybox\nRUN true\n", { network: "slipway-test-none", noCache: true }),
        (error) => error instanceof ImageBuildError && /network slipway-test-none not found/.test(error.message),
      );
    });

    it("ends at once when it is cancelled, and what it runs", async () => {
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      const options = await fixture.buildOptions(`FROM busybox\n${runLine(BUILD.waits)}\n`, {
        signal: controller.signal,
      });
      let aborted = 0;
      const building = (async () => {
        for await (const event of fixture.engine.buildImage(options)) {
          if (event.type === "output" && event.text.includes("waiting")) {
            aborted = performance.now();
            controller.abort(reason);
          }
        }
      })();
      await assert.rejects(building, reason);
      await until(async () => Promise.resolve(processesWith(`sleep ${WAITS_SECONDS}`).length === 0));
      const took = performance.now() - aborted;
      assert.ok(took < 1_000, `${String(Math.round(took))} ms`);
    });
  });
}
