import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import type { ResourceConfiguration } from "../config/WorkspaceConfiguration";
import { ResourceError } from "../errors/provisionErrors";
import { InProcessScanner } from "../fingerprint/scan/InProcessScanner";
import { provisionHash } from "./provisionHash";
import { readResources } from "./readResources";

const HEX = "0123456789abcdef".split("");
const resource = fc.record({
  target: fc.constantFrom("/a", "/a/b", "/ab", "/opt/x", "/opt/y"),
  kind: fc.constantFrom("file" as const, "folder" as const),
  mode: fc.integer({ min: 0, max: 0o7777 }),
  fileMode: fc.option(fc.integer({ min: 0, max: 0o777 }), { nil: undefined }),
  digest: fc.string({ unit: fc.constantFrom(...HEX), minLength: 64, maxLength: 64 }),
});
const resources = fc.uniqueArray(resource, { selector: ({ target }) => target, minLength: 1 });

describe("provisionHash", () => {
  it("is the same in any order", () => {
    fc.assert(
      fc.property(
        resources.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
        ),
        ([all, shuffled]) => {
          assert.equal(provisionHash("sha256:a", all), provisionHash("sha256:a", shuffled));
        },
      ),
    );
  });

  it("is another one for anything else that differs", () => {
    fc.assert(
      fc.property(resources, resources, (one, other) => {
        const sorted = (list: typeof one): string =>
          JSON.stringify([...list].sort((a, b) => (a.target < b.target ? -1 : 1)).map((each) => Object.entries(each)));
        const same = provisionHash("sha256:a", one) === provisionHash("sha256:a", other);
        assert.equal(same, sorted(one) === sorted(other));
        assert.notEqual(provisionHash("sha256:a", one), provisionHash("sha256:b", one));
      }),
    );
  });
});

describe("readResources", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "slipway-resources-"));
    write("tools/bin/run", "run");
    write("tools/data", "data");
    write("deploy", "deploy");
    write("[a]", "not a pattern");
    symlinkSync("../out", join(root, "tools/link"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const read = async (...items: readonly Partial<ResourceConfiguration>[]) =>
    readResources({
      resources: items.map(({ source = "tools", target = "/opt/x", mode }) => ({
        ...{ source: join(root, source), target },
        mode,
      })),
      cacheFolder: join(root, "cache"),
      scanner: new InProcessScanner(),
    });
  const hash = async (...items: readonly Partial<ResourceConfiguration>[]): Promise<string> =>
    provisionHash("sha256:a", await read(...items));

  it("sees content, modes, names, kinds and links, but no times and no places here", async () => {
    const both = [{}, { source: "deploy", target: "/opt/deploy" }] as const;
    const seen = new Set([await hash(...both)]);
    const differs = async (change: () => void): Promise<void> => {
      change();
      const now = await hash(...both);
      assert.ok(!seen.has(now));
      seen.add(now);
      assert.equal(await hash(...both), now);
    };
    utimesSync(join(root, "tools/data"), 1, 1);
    utimesSync(join(root, "tools"), 1, 1);
    assert.ok(seen.has(await hash(...both)));
    write("elsewhere/deploy", "deploy");
    assert.ok(seen.has(await hash({}, { source: "elsewhere/deploy", target: "/opt/deploy" })));
    await differs(() => {
      write("tools/data", "DATA");
    });
    await differs(() => {
      write("deploy", "DEPLOY");
    });
    await differs(() => {
      chmodSync(join(root, "tools/data"), 0o755);
    });
    await differs(() => {
      chmodSync(join(root, "tools"), 0o700);
    });
    await differs(() => {
      chmodSync(join(root, "deploy"), 0o4755);
    });
    await differs(() => {
      rmSync(join(root, "tools/link"));
      symlinkSync("../elsewhere", join(root, "tools/link"));
    });
    await differs(() => {
      mkdirSync(join(root, "tools/empty"));
    });
    await differs(() => {
      rmSync(join(root, "tools/empty"), { recursive: true });
      writeFileSync(join(root, "tools/empty"), "");
    });
    assert.ok(!seen.has(await hash({ target: "/opt/other" }, both[1])));
    assert.ok(!seen.has(await hash({ mode: 0o755 }, both[1])));
  });

  it("takes a source that is a link for what it leads to, and no name for a pattern", async () => {
    symlinkSync("deploy", join(root, "link"));
    write("a", "another");
    assert.equal(await hash({ source: "link" }), await hash({ source: "deploy" }));
    assert.notEqual(await hash({ source: "[a]" }), await hash({ source: "a" }));
  });

  it("names what is missing or cannot be put anywhere", async () => {
    const missing = (error: unknown): boolean =>
      error instanceof ResourceError && error.source === join(root, "gone") && /slipway\.json/.test(error.message);
    await assert.rejects(read({}, { source: "gone" }), missing);
    for (const target of ["/", "/proc/x", "/dev", "relative", "/opt/../.."]) {
      await assert.rejects(read({ target }), ResourceError);
    }
    await assert.rejects(read({ source: "deploy/below" }), ResourceError);
  });
});
