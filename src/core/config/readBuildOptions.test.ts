import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { buildSection, type BuildSection } from "./buildSection";
import { parseSlipwayFile } from "./parseSlipwayFile";
import { readBuildOptions } from "./readBuildOptions";

const paths = { base: resolve("/base"), home: resolve("/home/me") };

const id = fc
  .string({ unit: fc.constantFrom("a", "B", "0", "_", "-", "."), minLength: 1 })
  .filter((text) => /\w/.test(text));
const scalar = fc.oneof(fc.string({ unit: "binary" }), fc.integer(), fc.boolean());
const names = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/).filter((name) => name !== "__proto__");
const reference = fc.constantFrom("a", "a/b:c", "localhost:5000/a", "registry.example.com/team/app:cache");
const file = fc.string({ minLength: 1, maxLength: 8 });
const path = fc.stringMatching(/^[A-Za-z0-9_.~/ -]{1,12}$/);

/** A valid "build", with whatever is optional there or not. */
const section: fc.Arbitrary<BuildSection> = fc.record(
  {
    target: fc.string({ minLength: 1 }),
    platform: fc.constantFrom("linux/amd64", "linux/arm64/v8"),
    args: fc.dictionary(names, scalar, { noNullPrototype: true }),
    labels: fc.dictionary(
      fc.stringMatching(/^[a-zA-Z][a-z.A-Z/ -]{0,8}$/).filter((name) => !name.startsWith("dev.slipway")),
      scalar,
      { noNullPrototype: true },
    ),
    tag: reference,
    pull: fc.constantFrom("missing" as const, "always" as const, "never" as const),
    noCache: fc.boolean(),
    network: fc.constantFrom("default", "none", "host", "my_net-1.x"),
    extraHosts: fc.dictionary(
      fc.stringMatching(/^[a-z][a-z0-9.-]{0,5}[a-z0-9]$/),
      fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant("host-gateway")),
      { noNullPrototype: true },
    ),
    secrets: fc.uniqueArray(
      fc.oneof(
        fc.record({ id, env: names }, { noNullPrototype: true }),
        fc.record({ id, file }, { noNullPrototype: true }),
      ),
      {
        selector: (secret) => secret.id,
      },
    ),
    ssh: fc
      .uniqueArray(fc.tuple(id, fc.array(path)), { selector: ([name]) => name })
      .map((sources) => sources.map(([name, list]) => (list.length === 0 ? name : `${name}=${list.join(",")}`))),
    cacheFrom: fc.array(reference),
    cacheTo: fc.array(fc.oneof(reference, fc.constant("inline"))),
  },
  { requiredKeys: [], noNullPrototype: true },
);

describe("readBuildOptions", () => {
  it("says nothing where nothing was said", () => {
    assert.deepEqual(readBuildOptions({}, paths), {});
  });

  it("keeps what a valid file says, under the same names", () => {
    fc.assert(
      fc.property(section, (build) => {
        const parsed = parseSlipwayFile(JSON.stringify({ build }), "slipway.json");
        assert.equal(parsed.kind, "valid", JSON.stringify(parsed));
        assert.deepEqual(parsed.value.build, build);
        const options = readBuildOptions(build, paths);
        assert.deepEqual(Object.keys(options).sort(), Object.keys(build).sort());
        for (const name of ["target", "platform", "tag", "pull", "noCache", "network", "extraHosts"] as const) {
          assert.deepEqual(options[name], build[name]);
        }
        for (const name of ["args", "labels"] as const) {
          assert.deepEqual(
            Object.entries(options[name] ?? {}),
            Object.entries(build[name] ?? {}).map(([key, value]) => [key, String(value)]),
          );
        }
        assert.deepEqual(options.cacheFrom, build.cacheFrom);
        assert.deepEqual(options.cacheTo, build.cacheTo);
        assert.deepEqual(
          options.secrets?.map((secret) => [secret.id, secret.kind === "env" ? secret.variable : undefined]),
          build.secrets?.map((secret) => [secret.id, secret.env]),
        );
        assert.deepEqual(
          options.ssh?.map((source) => [source.id, source.paths.length]),
          build.ssh?.map((text) => [text.split("=")[0], text.includes("=") ? text.split(",").length : 0]),
        );
      }),
    );
  });

  it("makes paths of secrets and keys absolute", () => {
    const build = {
      secrets: [
        { id: "a", file: "secrets/a" },
        { id: "b", file: "~/b" },
        { id: "c", file: resolve("/etc/c") },
      ],
      ssh: ["default", "git=~/.ssh/id,keys/b"],
    };
    assert.deepEqual(readBuildOptions(build, paths), {
      secrets: [
        { id: "a", kind: "file", path: join(paths.base, "secrets", "a") },
        { id: "b", kind: "file", path: join(paths.home, "b") },
        { id: "c", kind: "file", path: resolve("/etc/c") },
      ],
      ssh: [
        { id: "default", paths: [] },
        { id: "git", paths: [join(paths.home, ".ssh", "id"), join(paths.base, "keys", "b")] },
      ],
    });
  });

  it("takes the docker CLI's words for images of the cache", () => {
    const build = { cacheFrom: ["type=registry,ref=a/b:c"], cacheTo: ["type=inline", "type=registry,ref=a/b:c"] };
    assert.ok(buildSection.safeParse(build).success);
    assert.deepEqual(readBuildOptions(build, paths), { cacheFrom: ["a/b:c"], cacheTo: ["inline", "a/b:c"] });
  });
});
