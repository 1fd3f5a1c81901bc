import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { readMount, type MountSource } from "./readMount";

const base = resolve("/w");
const home = resolve("/home/me");
const read = (value: MountSource) => readMount(value, { base, home });

describe("readMount", () => {
  for (const [value, expected] of [
    ["./data:/data", { kind: "bind", source: join(base, "data"), target: "/data" }],
    ["..:/up", { kind: "bind", source: resolve(base, ".."), target: "/up" }],
    ["~/.m2:/m2:ro", { kind: "bind", source: join(home, ".m2"), target: "/m2", readOnly: true }],
    ["~:/me", { kind: "bind", source: home, target: "/me" }],
    [
      `${resolve("/a")}:/b/:ro,Z`,
      { kind: "bind", source: resolve("/a"), target: "/b", readOnly: true, relabel: "private" },
    ],
    ["./a:/b:z,rw", { kind: "bind", source: join(base, "a"), target: "/b", relabel: "shared" }],
    ["./a:/b:cached", { kind: "bind", source: join(base, "a"), target: "/b" }],
    ["cache:/cache", { kind: "volume", volume: "cache", target: "/cache" }],
    ["type=bind,source=a,target=/b,readonly", { kind: "bind", source: join(base, "a"), target: "/b", readOnly: true }],
    ["src=a,type=bind,dst=/b,ro=false", { kind: "bind", source: join(base, "a"), target: "/b" }],
    ["source=/a=b,target=/b,type=bind,consistency=cached", { kind: "bind", source: resolve("/a=b"), target: "/b" }],
    ["source=cache,destination=/c", { kind: "volume", volume: "cache", target: "/c" }],
    ["type=tmpfs,target=/tmp,tmpfs-size=1g", { kind: "tmpfs", target: "/tmp", sizeBytes: 1024 ** 3 }],
    [
      { type: "tmpfs", target: "/dev/shm" },
      { kind: "tmpfs", target: "/dev/shm" },
    ],
    [
      { type: "volume", source: "cache", target: "/c", readOnly: true },
      { kind: "volume", volume: "cache", target: "/c", readOnly: true },
    ],
    [
      { type: "bind", source: "a", target: "/b", readOnly: false },
      { kind: "bind", source: join(base, "a"), target: "/b" },
    ],
  ] as const) {
    it(`reads ${JSON.stringify(value)}`, () => {
      assert.deepEqual(read(value), expected);
    });
  }

  for (const [value, problem] of [
    ["", /is not a mount/],
    ["/only", /is not a mount/],
    ["a:b:c:d", /is not a mount/],
    ["./a:relative", /the target "relative" must be an absolute path/],
    ["./a:/", /the target/],
    ["./a:/proc/x", /the target/],
    ["./a:/b:rprivate", /"rprivate" is not known/],
    ["type=bind,source=a", /has no target/],
    ["type=bind,source=a,target=/b,bind-propagation=shared", /"bind-propagation" is not known/],
    ["type=nfs,target=/b", /"nfs" is not a type/],
    ["type=bind,target=/b", /must have a source/],
    ["target=/b", /must have the name of a volume/],
    ["type=volume,source=a/b,target=/b", /must have the name of a volume/],
    ["type=tmpfs,source=x,target=/b", /has no source/],
    ["type=tmpfs,target=/b,readonly", /is not read-only/],
    ["type=tmpfs,target=/b,tmpfs-size=x", /"x" is not a size/],
    ["type=bind,source=a,target=/b,tmpfs-size=1g", /only a mount of type tmpfs/],
  ] as const) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      const result = read(value);
      assert.match("problem" in result ? result.problem : "", problem);
    });
  }

  it("never throws, and never lets a target out that nothing can be mounted at", () => {
    const piece = fc.constantFrom(":", ",", "=", "type", "bind", "source", "target", "/", "..", "a", "~", "ro", "C:");
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 12 }), (pieces) => {
        const result = read(pieces.join(""));
        assert.ok("problem" in result || /^\/(?!\.\.)[^\0]/.test(result.target), JSON.stringify(result));
      }),
    );
  });
});
