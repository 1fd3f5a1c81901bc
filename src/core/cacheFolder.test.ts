import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "./cacheFolder";

describe("cacheFolder", () => {
  const home = homedir();
  for (const [what, env, platform, expected] of [
    ["is where it was said to be", { SLIPWAY_CACHE_DIR: "/own", XDG_CACHE_HOME: "/xdg" }, "linux", "/own"],
    [
      "is where it was said to be, on every system",
      { SLIPWAY_CACHE_DIR: "/own", LOCALAPPDATA: "/local" },
      "win32",
      "/own",
    ],
    ["follows XDG on Linux", { XDG_CACHE_HOME: "/xdg" }, "linux", join("/xdg", "slipway")],
    ["has a default on Linux", {}, "linux", join(home, ".cache", "slipway")],
    [
      "takes empty variables as none",
      { SLIPWAY_CACHE_DIR: "", XDG_CACHE_HOME: "" },
      "linux",
      join(home, ".cache", "slipway"),
    ],
    [
      "is with the other caches on macOS",
      { XDG_CACHE_HOME: "/xdg" },
      "darwin",
      join(home, "Library", "Caches", "slipway"),
    ],
    ["is local to the machine on Windows", { LOCALAPPDATA: "/local" }, "win32", join("/local", "slipway")],
    ["has a default on Windows", { LOCALAPPDATA: "" }, "win32", join(home, "AppData", "Local", "slipway")],
  ] as const) {
    it(what, () => {
      assert.equal(cacheFolder(env, platform), expected);
    });
  }
});
