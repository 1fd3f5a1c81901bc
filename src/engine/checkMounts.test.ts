import assert from "node:assert/strict";
import { MountError } from "../core/errors/containerErrors";
import type { Mount } from "../core/ports/ContainerTypes";
import type { EngineKind } from "../core/ports/EngineInfo";
import { checkMounts } from "./checkMounts";

const BIND = { kind: "bind", source: "/s", target: "/t" } as const;
const VOLUME = { kind: "volume", volume: "v", target: "/t" } as const;
const TMPFS = { kind: "tmpfs", target: "/t" } as const;
const BOTH = ["docker", "podman"] as const;

describe("checkMounts", () => {
  const refusedBy = (mount: Mount): readonly EngineKind[] =>
    BOTH.filter((kind) => {
      try {
        checkMounts([mount], kind);
        return false;
      } catch (error) {
        assert.ok(error instanceof MountError);
        return true;
      }
    });

  for (const [what, mount, refused] of [
    ["a folder", BIND, []],
    ["a folder that is relabelled", { ...BIND, relabel: "shared" }, []],
    ["a folder with commas", { ...BIND, source: '/a,"b' }, []],
    ["a folder with a colon", { ...BIND, source: "/a:b" }, []],
    ["a folder on a drive", { ...BIND, source: "C:\\a", relabel: "shared" }, []],
    ["a folder with both", { ...BIND, source: "/a:b,c" }, ["podman"]],
    ["a folder with a colon that is relabelled", { ...BIND, source: "/a:b", relabel: "shared" }, BOTH],
    ["a folder for a path with a colon that is relabelled", { ...BIND, target: "/a:ro", relabel: "private" }, BOTH],
    ["a relative folder, which is a volume's name", { ...BIND, source: "src", relabel: "shared" }, BOTH],
    ["a relative target", { ...BIND, target: "src" }, BOTH],
    ["a volume", VOLUME, []],
    ["a volume for a path with commas", { ...VOLUME, target: "/a,b" }, []],
    ["a volume whose name is a path with options", { ...VOLUME, volume: "/etc,readonly=true" }, BOTH],
    ["a volume without a name", { ...VOLUME, volume: "" }, BOTH],
    ["memory", TMPFS, []],
    ["memory for a path with options", { ...TMPFS, target: "/w,tmpfs-size=1" }, ["podman"]],
  ] as const) {
    it(`${what} is refused by ${refused.length === 0 ? "nobody" : refused.join(", ")}`, () => {
      assert.deepEqual(refusedBy(mount), refused);
    });
  }
});
