import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import type { BuildConfiguration, ImageSource, WorkspaceConfiguration } from "../core/config/WorkspaceConfiguration";
import type { BuildFlags } from "./buildFlags";
import { UsageError } from "./UsageError";
import { withBuildFlags } from "./withBuildFlags";

const base = resolve("/current");
const home = resolve("/home/me");
const folder = resolve("/workspace");

const configured: BuildConfiguration = {
  dockerfile: join(folder, "Dockerfile"),
  context: folder,
  target: "dev",
  platform: undefined,
  args: { A: "1", B: "2" },
  labels: { a: "1" },
  pull: "never",
  noCache: true,
  tag: "app:file",
  network: "none",
  extraHosts: { a: "10.0.0.1" },
  secrets: [
    { id: "npm", kind: "file", path: join(folder, ".npmrc") },
    { id: "other", kind: "env", variable: "OTHER" },
  ],
  ssh: [{ id: "default", paths: [] }],
  cacheFrom: ["a:cache"],
  cacheTo: ["inline"],
};

function configurationOf(image: ImageSource, source: string | undefined = "slipway.json"): WorkspaceConfiguration {
  return { folder, source, image, run: { env: {}, ports: [], workspaceFolder: "/workspace" }, tasks: [] };
}

function buildWith(flags: BuildFlags, build = configured): BuildConfiguration {
  const { image } = withBuildFlags(configurationOf({ kind: "build", build }), flags, { base, home });
  assert.equal(image.kind, "build");
  return image.build;
}

describe("withBuildFlags", () => {
  it("leaves everything as it is without any", () => {
    assert.deepEqual(buildWith({}), configured);
  });

  it("lets single values and the images of the cache take the place of slipway.json's", () => {
    const flags: BuildFlags = {
      target: "prod",
      platform: "linux/arm64",
      tag: "app:cli",
      pull: "always",
      network: "host",
      cacheFrom: ["type=registry,ref=b:cache"],
      cacheTo: ["c:cache"],
    };
    assert.deepEqual(buildWith(flags), { ...configured, ...flags, cacheFrom: ["b:cache"] });
  });

  it("adds what has a name, and replaces what has the same", () => {
    const build = buildWith({
      args: { B: "3", C: "4" },
      labels: { a: "2", b: "3" },
      extraHosts: { a: "10.0.0.2", b: "::1" },
      secrets: [
        { id: "npm", env: "NPM" },
        { id: "new", file: "~/new" },
      ],
      ssh: ["default=agent.sock", `git=~/id,${resolve("/abs")}`],
    });
    assert.deepEqual(build, {
      ...configured,
      args: { A: "1", B: "3", C: "4" },
      labels: { a: "2", b: "3" },
      extraHosts: { a: "10.0.0.2", b: "::1" },
      secrets: [
        { id: "npm", kind: "env", variable: "NPM" },
        { id: "other", kind: "env", variable: "OTHER" },
        { id: "new", kind: "file", path: join(home, "new") },
      ],
      ssh: [
        { id: "default", paths: [join(base, "agent.sock")] },
        { id: "git", paths: [join(home, "id"), resolve("/abs")] },
      ],
    });
  });

  it("reads paths of the command line from the current folder", () => {
    const { secrets } = buildWith({ secrets: [{ id: "a", file: "x/y" }] });
    assert.deepEqual(secrets?.at(-1), { id: "a", kind: "file", path: join(base, "x", "y") });
  });

  it("needs nothing in slipway.json", () => {
    const { dockerfile, context } = configured;
    const plain = { dockerfile, context, target: undefined, platform: undefined, args: {} };
    assert.deepEqual(buildWith({ labels: { a: "b" }, ssh: ["default"] }, plain), {
      ...plain,
      labels: { a: "b" },
      ssh: [{ id: "default", paths: [] }],
    });
  });

  describe("where no image is built", () => {
    const given = { kind: "image", reference: "node:20" } as const;
    const apply = (flags: BuildFlags, source?: string): WorkspaceConfiguration =>
      withBuildFlags({ ...configurationOf(given), source }, flags, { base, home });

    it("says why an option for building has no place", () => {
      for (const [source, message] of [
        [
          "slipway.json",
          /^--tag: no image is built here, node:20 is used as it is \(that is what slipway\.json says\)/,
        ],
        [
          undefined,
          /^--tag: no image is built here, .*\(there is no Dockerfile here\)\. Leave the option out, or name/,
        ],
      ] as const) {
        assert.throws(
          () => apply({ tag: "a", pull: "always" }, source),
          (error) => error instanceof UsageError && message.test(error.message),
        );
      }
      assert.throws(() => apply({ labels: { a: "b" }, target: "x" }), /--label, --target: .*Leave the options out/);
    });

    it("takes --pull, which pulls that image", () => {
      assert.deepEqual(apply({ pull: "always" }, "slipway.json"), configurationOf(given));
      assert.deepEqual(apply({}, "slipway.json"), configurationOf(given));
    });
  });
});
