import assert from "node:assert/strict";
import path from "node:path";
import { workspaceLabels } from "../../../src/core/labels";
import { workspaceOf } from "../../../src/core/Workspace";
import { JOB_DEADLINE, UiSession } from "./UiSession";

describe("A window with several folders", () => {
  let session: UiSession;

  after(async () => {
    const { engine, workspace } = session;
    // The session removes only what is of the folder that it made itself.
    const labels = workspaceLabels(workspaceOf(path.join(workspace.folder, "two")));
    for (const { references } of await engine.listImages({ labels })) {
      for (const reference of references) {
        await engine.removeImage(reference);
      }
    }
    await session.close();
  });

  it("shows and rebuilds the folder of the active editor, without asking which", async () => {
    session = await UiSession.open(
      {
        "all.code-workspace": JSON.stringify({ folders: [{ path: "one" }, { path: "two" }] }),
        "one/slipway.json": '{ "image": "busybox" }',
        "two/Dockerfile": "FROM busybox\nCOPY . /two\nRUN echo this is two\n",
        "two/here.txt": "",
      },
      { open: "all.code-workspace" },
    );
    const { window } = session;
    await window.waitForStatusBar("Slipway: busybox");
    await window.openFile("here.txt");
    await window.waitForStatusBar("Slipway: no image");
    // The editor's own items are the last to come, and move the others.
    await window.waitForStatusBar("Plain Text");
    await window.clickStatusBar("Slipway: no image");
    await window.waitForOutput("Slipway Run", /^done in/m, { timeout: JOB_DEADLINE });
    await window.waitForStatusBar("Slipway: fresh");
    await window.screenshot("several-folders-1-rebuilt");
    assert.match(await window.outputText("Slipway Build"), /RUN echo this is two/);
  });

  it("takes .git for an input like any other, unless it is ignored", async () => {
    const { window, workspace } = session;
    await workspace.write("two/.git/description", "not an empty folder\n");
    await window.waitForStatusBar("Slipway: stale");
    await workspace.write("two/.dockerignore", ".git\n.dockerignore\n");
    await window.waitForStatusBar("Slipway: fresh");
  });
});
