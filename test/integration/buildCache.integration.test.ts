import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { DockerodeEngine } from "../../src/engine/DockerodeEngine";
import { collect } from "../conformance/collect";
import { ConformanceFixture } from "../conformance/ConformanceFixture";
import { isPodman } from "./isPodman";
import { testEngines } from "./testEngines";
import { login, right } from "./testLogins";
import { testRegistry } from "./testRegistry";

const registry = testRegistry();
const manifest = z.object({ config: z.object({ digest: z.string() }) });
const config = z.record(z.string(), z.unknown());
const tagList = z.object({ tags: z.array(z.string()) });

async function ask(path: string): Promise<unknown> {
  const answer = await fetch(`http://${registry.address}/v2/${path}`, {
    headers: {
      Authorization: `Basic ${login}`,
      Accept: "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json",
    },
  });
  assert.ok(answer.ok, `${path}: ${String(answer.status)}`);
  return answer.json();
}

for (const { name, address, connect } of testEngines().filter((engine) => !engine.name.includes("rootless"))) {
  describe(`a build's cache for others, by ${name}`, () => {
    const fixture = new ConformanceFixture({
      name,
      connect: () => new DockerodeEngine(connect().endpoint, { credentials: right }),
      pause: async () => Promise.resolve(),
      caller: () => ({ uid: 0, gid: 0 }),
    });
    before(async () => fixture.open());
    after(async () => fixture.close());

    it("goes with the image or to a repository, with the login for its registry, and can be used", async () => {
      const repository = `test-${randomBytes(4).toString("hex")}/cache`;
      const reference = `${registry.address}/${repository}`;
      const dockerfile = `FROM busybox\nRUN echo ${repository}\n`;
      const build = async (cache: { readonly cacheTo?: string[]; readonly cacheFrom?: string[] }): Promise<void> => {
        const options = await fixture.buildOptions(dockerfile, { ...cache, tags: [`${reference}:image`] });
        await collect(fixture.engine.buildImage(options));
      };
      if (isPodman(address)) {
        await build({ cacheTo: [`${reference}:any`] });
        assert.ok(tagList.parse(await ask(`${repository}/tags/list`)).tags.length > 0);
      } else {
        await build({ cacheTo: ["inline"] });
        await collect(fixture.engine.pushImage({ reference: `${reference}:image` }));
        const { digest } = manifest.parse(await ask(`${repository}/manifests/image`)).config;
        const image = config.parse(await ask(`${repository}/blobs/${digest}`));
        assert.ok("moby.buildkit.cache.v0" in image, Object.keys(image).join());
        assert.ok(!JSON.stringify(image["history"]).includes("INLINE_CACHE"));
      }
      await build({ cacheFrom: [`${reference}:image`] });
    });
  });
}
