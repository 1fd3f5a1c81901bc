import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEngineAddress } from "../../src/engine/discovery/parseEngineAddress";
import { EngineConnection } from "../../src/engine/EngineConnection";
import { collect } from "../conformance/collect";
import { ConformanceFixture } from "../conformance/ConformanceFixture";
import { readTar } from "../conformance/tarOf";
import { testEngines } from "./testEngines";

// Rootless Podman does the same as its rootful one here.
for (const { name, address, connect } of testEngines().filter((engine) => !engine.name.includes("rootless"))) {
  describe(`a build's secrets on ${name}`, () => {
    const fixture = new ConformanceFixture({
      ...{ name, connect },
      pause: async () => Promise.resolve(),
      caller: () => ({ uid: 0, gid: 0 }),
    });
    before(async () => fixture.open());
    after(async () => fixture.close());

    it("leave nothing in the image, its history, its labels or what is told, even where all is copied", async () => {
      const parsed = parseEngineAddress(address);
      assert.ok(!("problem" in parsed));
      const connection = new EngineConnection(parsed);
      const folder = await fixture.newFolder();
      await writeFile(join(folder, "file"), "");
      const secret = `secret-${randomBytes(8).toString("hex")}`;
      const dockerfile = [
        "FROM busybox",
        "COPY . /copied/",
        "ADD . /added/",
        'RUN --mount=type=secret,id=token,required=true test -n "$(cat /run/secrets/token)"',
        // What a later step sees is kept: the secret is not among it.
        "RUN ls -A / /copied /added /run > /seen; env >> /seen; cat /run/secrets/* >> /seen 2>/dev/null || true",
        "",
      ].join("\n");
      const other = `${secret}-other`;
      const options = await fixture.buildOptions(dockerfile, {
        ...{ folder, noCache: true },
        secrets: new Map([
          ["token", Buffer.from(secret)],
          ["unused", Buffer.from(other)],
        ]),
      });
      const events = await collect(fixture.engine.buildImage(options));
      const tag = options.tags[0] ?? "";
      const ask = async (path: string): Promise<string> =>
        connection.text({ method: "GET", path: `/images/${tag}/${path}`, during: path });
      try {
        const told = [JSON.stringify(events), await ask("history"), await ask("json")];
        for (const text of told) {
          assert.ok(!text.includes(secret), text);
        }
        const id = await fixture.create({ image: tag });
        const files = await readTar(fixture.engine.copyFrom(id, "/"));
        assert.ok(files.size > 5, "the root is not there");
        for (const [path, { content }] of files) {
          assert.ok(!path.includes("slipway") && !Buffer.from(content ?? "").includes(secret), path);
        }
      } finally {
        await connection.close();
      }
    });
  });
}
