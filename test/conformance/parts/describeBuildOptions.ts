import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BuildOptionError, ImageBuildError } from "../../../src/core/errors/imageErrors";
import type { BuildEvent } from "../../../src/core/ports/BuildEvent";
import type { BuildImageOptions } from "../../../src/core/ports/ContainerEngine";
import { FakeSshAgent } from "../../fake/FakeSshAgent";
import { processesWith } from "../../integration/processes";
import { collect } from "../collect";
import type { ConformanceFixture } from "../ConformanceFixture";
import { BUILD, WAITS_SECONDS } from "../programs/buildPrograms";
import { runLine, type ConformanceProgram } from "../programs/ConformanceProgram";
import { readTar } from "../tarOf";
import { until } from "../until";

/** In which a build that is cancelled must have ended, and what runs in it. */
const CANCELLED_WITHIN_MS = 1_000;

export function describeBuildOptions(fixture: ConformanceFixture): void {
  describe("options of builds", () => {
    /** @returns the events of a build that runs a program. */
    const run = async (
      program: ConformanceProgram,
      options: Partial<BuildImageOptions>,
      flags = "",
    ): Promise<readonly BuildEvent[]> => {
      const dockerfile = `FROM busybox\n${runWith(flags, program)}\n`;
      return collect(fixture.engine.buildImage(await fixture.buildOptions(dockerfile, { noCache: true, ...options })));
    };

    describe("all at once", () => {
      const secrets = new Map([
        ["large.bin-1", randomBytes(400_000)],
        ["Lines_2", Buffer.from('first\r\n\nthird=,"\n')],
      ]);
      const more = { "a.b": 'x "y" = z', empty: "", "c-d": "naïve, 日本" };
      let events: readonly BuildEvent[] = [];
      let tag = "";

      before(async () => {
        const folder = await fixture.newFolder();
        await writeFile(join(folder, "file"), "");
        const mounts = [...secrets.keys()].map((id) => `--mount=type=secret,id=${id},required=true`).join(" ");
        const lines = [
          "FROM busybox",
          "COPY . /copied/",
          runWith(mounts, BUILD.secret),
          runLine(BUILD.hosts),
          runLine(BUILD.text),
        ];
        const options = await fixture.buildOptions(`${lines.join("\n")}\n`, {
          ...{ folder, secrets, noCache: true, labels: { ...fixture.labels, ...more } },
          extraHosts: { "slipway-host": "10.1.2.3", "slipway-host-6": "fd00::17" },
          // Nothing is there, which is no reason to fail.
          cacheFrom: ["localhost:1/slipway-test/none:1"],
        });
        tag = options.tags[0] ?? "";
        events = await collect(fixture.engine.buildImage(options));
      });

      it("give labels any value", async () => {
        const labels = (await fixture.engine.inspectImage(tag))?.labels;
        for (const [name, value] of Object.entries(more)) {
          assert.equal(labels?.[name], value, name);
        }
      });

      it("give secrets to RUN, of any bytes, and to nobody else", async () => {
        for (const [id, content] of secrets) {
          const digest = createHash("sha256").update(content).digest("hex");
          assert.ok(outputOf(events).includes(`${digest}  /run/secrets/${id}`), outputOf(events));
        }
        assert.ok(!JSON.stringify(events).includes("third="));
        const id = await fixture.create({ image: tag });
        const copied = await readTar(fixture.engine.copyFrom(id, "/copied"));
        assert.deepEqual(
          [...copied.keys()].map((path) => path.replace(/\/$/, "")),
          ["copied", "copied/file"],
        );
      });

      it("name more hosts", () => {
        assert.match(outputOf(events), /10\.1\.2\.3\s+slipway-host\n/);
        assert.match(outputOf(events), /fd00::17\s+slipway-host-6\n/);
      });

      it("tell characters whole that come in pieces", () => {
        const { buildText } = fixture.differences;
        assert.match(outputOf(events), buildText === "whole" ? /naïve 日\n/ : /na\ufffd+ve \ufffd+\n/);
      });

      it("tell of each step that it has started, how it ended and how long it took", () => {
        for (const instruction of ["COPY", "RUN grep", "RUN printf"]) {
          const steps = events.flatMap((event) =>
            event.type === "step" && event.name.includes(instruction) ? [event] : [],
          );
          const states = steps.map(({ state }) => state);
          // BuildKit may look at what a step reads before it runs it, and tells of both.
          const pairs = Array.from({ length: Math.max(1, states.length / 2) }, () => ["started", "finished"]);
          assert.deepEqual(states, pairs.flat(), instruction);
          const durationMs = steps.at(-1)?.durationMs ?? -1;
          assert.ok(durationMs >= 0 && durationMs < 60_000, instruction);
          assert.equal(new Set(steps.map(({ id }) => id)).size, 1);
        }
        const text = events.find((event) => event.type === "output" && event.text.includes("ve "));
        const printf = events.find((event) => event.type === "step" && event.name.includes("RUN printf"));
        assert.ok(text?.type === "output" && printf?.type === "step" && text.stepId === printf.id);
      });
    });

    it("take the network away", async () => {
      const extraHosts = { "slipway-host": "10.1.2.3" };
      const options = await fixture.buildOptions(`FROM busybox\n${runLine(BUILD.network)}\n${runLine(BUILD.hosts)}\n`, {
        extraHosts,
        network: "none",
        noCache: true,
      });
      const events = await collect(fixture.engine.buildImage(options));
      assert.match(outputOf(events), /interfaces: 1\n/);
      const { hostsWithoutNetwork } = fixture.differences;
      assert.match(outputOf(events), hostsWithoutNetwork === "kept" ? /10\.1\.2\.3/ : /nothing/);
      assert.equal(
        events.some((event) => event.type === "warning" && event.message.includes("build.extraHosts")),
        hostsWithoutNetwork === "dropped",
      );
    });

    it("fail on a network that there is not, in the engine's words", async () => {
      await assert.rejects(
        run(BUILD.network, { network: "slipway-test-none" }),
        (error) => error instanceof ImageBuildError && /network/.test(error.failure.detail),
      );
    });

    it("fail where a required secret is missing, by its ID", async () => {
      const secrets = new Map([["there", Buffer.from("x")]]);
      await assert.rejects(
        run(BUILD.true, { secrets }, "--mount=type=secret,id=slipway-missing,required=true"),
        (error) => error instanceof ImageBuildError && /slipway-missing/.test(error.message),
      );
    });

    it("give an SSH agent to RUN, or say by name that they cannot", async () => {
      const agent = await FakeSshAgent.listen();
      try {
        const building = run(BUILD.agent, { ssh: [{ id: "mine", paths: [agent.socket] }] }, "--mount=type=ssh,id=mine");
        if (fixture.differences.buildSsh === "kept") {
          assert.match(outputOf(await building), /an agent/);
        } else {
          await assert.rejects(building, (error) => error instanceof BuildOptionError && error.option === "build.ssh");
        }
      } finally {
        await agent.close();
      }
    });

    it("refuse to put a cache where they cannot, by the option's name", async () => {
      await assert.rejects(
        run(BUILD.true, { cacheTo: ["type=local,dest=/tmp/x"] }),
        (error) => error instanceof BuildOptionError && error.option === "build.cacheTo",
      );
    });

    it("end at once when they are cancelled while nothing runs in them", async () => {
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      const options = await fixture.buildOptions("FROM busybox\nCOPY . /copied/\n", {
        ...{ noCache: true, signal: controller.signal },
      });
      let aborted = 0;
      const building = (async () => {
        for await (const event of fixture.engine.buildImage(options)) {
          if (event.type === "step" && aborted === 0) {
            aborted = performance.now();
            controller.abort(reason);
          }
        }
      })();
      await assert.rejects(building, reason);
      const took = performance.now() - aborted;
      assert.ok(took < CANCELLED_WITHIN_MS, `${String(Math.round(took))} ms`);
    });

    for (const network of [undefined, "none"]) {
      it(`end at once when they are cancelled, and what they run (network: ${network ?? "default"})`, async () => {
        const controller = new AbortController();
        const reason = new Error("changed my mind");
        const dockerfile = `FROM busybox\n${runLine(BUILD.waits)}\n`;
        const options = await fixture.buildOptions(dockerfile, { network, signal: controller.signal });
        let aborted = 0;
        const abort = (): void => {
          aborted = performance.now();
          controller.abort(reason);
        };
        // The fake one gives output only once a step has ended.
        const sleeping = `sleep ${WAITS_SECONDS}`;
        const build = (async () => {
          for await (const event of fixture.engine.buildImage(options)) {
            if (event.type === "output" && event.text.includes("waiting")) {
              abort();
            } else if (event.type === "step" && event.name.includes(sleeping) && fixture.subject.name === "fake") {
              setTimeout(abort, 20);
            }
          }
        })();
        await assert.rejects(build, reason);
        await until(async () => Promise.resolve(processesWith(sleeping).length === 0));
        const took = performance.now() - aborted;
        assert.ok(took < CANCELLED_WITHIN_MS, `${String(Math.round(took))} ms`);
      });
    }
  });
}

function runWith(flags: string, program: ConformanceProgram): string {
  return runLine(program).replace(/^RUN /, () => `RUN ${flags} `);
}

function outputOf(events: readonly BuildEvent[]): string {
  return events.map((event) => (event.type === "output" ? event.text : "")).join("");
}
