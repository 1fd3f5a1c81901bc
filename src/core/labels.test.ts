import assert from "node:assert/strict";
import { containerLabels, imageLabels, LABEL, taskLabels, workspaceLabels } from "./labels";
import { ownerState, parseOwner } from "./owner";
import { workspaceOf } from "./Workspace";

const workspace = workspaceOf("/srv/my app");

describe("labels", () => {
  it("all carry Slipway's prefix", () => {
    const labels = {
      ...imageLabels(workspace, "f"),
      ...taskLabels({ workspace, task: "t", fingerprint: "f", session: "s", keep: false, name: "n" }),
    };
    for (const name of Object.keys(labels)) {
      assert.ok(name.startsWith("dev.slipway."), name);
    }
  });

  it("of images and of tasks are found by those of the workspace", () => {
    const found = Object.entries(workspaceLabels(workspace));
    assert.ok(found.length > 0);
    for (const labels of [
      imageLabels(workspace, "f"),
      taskLabels({ workspace, task: undefined, fingerprint: undefined, session: "s", keep: false, name: "n" }),
    ]) {
      for (const [name, value] of found) {
        assert.equal(labels[name], value);
      }
    }
    assert.notDeepEqual(workspaceLabels(workspace), workspaceLabels(workspaceOf("/srv/other")));
  });

  it("of images are the same for the same inputs, since they are part of the image", () => {
    assert.deepEqual(imageLabels(workspace, "f"), imageLabels(workspace, "f"));
    assert.deepEqual(imageLabels(workspace, "f"), {
      [LABEL.workspace]: workspace.id,
      [LABEL.folder]: "/srv/my app",
      [LABEL.fingerprint]: "f",
      [LABEL.kind]: "build",
    });
  });

  it("of tasks say who made them, when, and for what", () => {
    const before = Date.now();
    const labels = taskLabels({ workspace, task: "test", fingerprint: "f", session: "s", keep: false, name: "n" });
    assert.equal(labels[LABEL.kind], "task");
    assert.equal(labels[LABEL.task], "test");
    assert.equal(labels[LABEL.fingerprint], "f");
    assert.equal(labels[LABEL.session], "s");
    const owner = parseOwner(labels[LABEL.owner] ?? "");
    assert.equal(owner === undefined ? "none" : ownerState(owner), "alive");
    const created = Date.parse(labels[LABEL.created] ?? "");
    assert.ok(created >= before && created <= Date.now());
  });

  it("of images are not those that find containers, since containers inherit them", () => {
    const found = Object.entries(containerLabels(workspace));
    const inherited = imageLabels(workspace, "f");
    assert.ok(found.some(([name, value]) => inherited[name] !== value));
    const own = taskLabels({ workspace, task: "t", fingerprint: "f", session: "s", keep: true, name: "n" });
    assert.ok(found.every(([name, value]) => own[name] === value));
  });

  it("of tasks leave out what is not known", () => {
    const labels = taskLabels({
      workspace,
      task: undefined,
      fingerprint: undefined,
      session: "s",
      keep: false,
      name: "n",
    });
    assert.ok(!(LABEL.task in labels) && !(LABEL.fingerprint in labels));
  });
});
