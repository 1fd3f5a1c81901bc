import assert from "node:assert/strict";
import fc from "fast-check";
import { imageReference, workspaceOf } from "./Workspace";

describe("workspaceOf", () => {
  for (const [folder, slug] of [
    ["/home/a/My App", "my-app"],
    ["/srv/node_app.v2", "node-app-v2"],
    ["/srv/--x--", "x"],
    ["/srv/日本語", "workspace"],
    ["/", "workspace"],
    [`/srv/${"a".repeat(39)}-b`, "a".repeat(39)],
    [`/srv/${"a".repeat(100)}`, "a".repeat(40)],
  ] as const) {
    it(`names ${folder.slice(0, 30)} "${slug}"`, () => {
      assert.equal(workspaceOf(folder).slug, slug);
    });
  }

  it("tells folders of the same name apart, and one folder is always the same", () => {
    assert.notEqual(workspaceOf("/a/app").id, workspaceOf("/b/app").id);
    assert.deepEqual(workspaceOf("/a/app"), workspaceOf("/a/app"));
  });

  it("has names that engines take in references and container names, whatever the folder", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const workspace = workspaceOf(`/srv/${name}`);
        assert.match(workspace.slug, /^[a-z0-9]+(-[a-z0-9]+)*$/);
        assert.ok(workspace.slug.length <= 40);
        assert.match(workspace.id, /^[0-9a-f]{12}$/);
        const reference = imageReference(workspace, "f".repeat(64));
        assert.match(reference, /^localhost\/slipway\/[a-z0-9]+(?:-[a-z0-9]+)*:[\w][\w.-]{0,127}$/);
      }),
    );
  });
});

describe("imageReference", () => {
  it("never points to a registry", () => {
    const workspace = { folder: "/srv/app", id: "0123456789ab", slug: "app" };
    assert.equal(imageReference(workspace, "abc"), "localhost/slipway/app-0123456789ab:abc");
  });
});
