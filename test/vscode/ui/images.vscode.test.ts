import assert from "node:assert/strict";
import path from "node:path";
import { workspaceLabels } from "../../../src/core/labels";
import { workspaceOf } from "../../../src/core/Workspace";
import { COMMAND, UiSession } from "./UiSession";

const VIEW = "Images";

describe("The images view", () => {
  let session: UiSession;
  let container = "";

  before(async () => {
    session = await UiSession.open(
      { Dockerfile: "FROM busybox\nCOPY given.txt /\n", "given.txt": "1\n" },
      { settings: { "slipway.keepImages": 0 } },
    );
  });
  after(async () => {
    await session.engine.removeContainer(container);
    await session.close();
  });

  /** States, in the order of the view. */
  const states = async (): Promise<readonly string[]> =>
    (await session.window.treeItems(VIEW)).map(({ description }) => description.split(" ")[0] ?? "");
  const waitForStates = async (...expected: readonly string[]): Promise<void> => {
    let seen: readonly string[] = [];
    for (let attempt = 0; attempt < 100 && seen.join() !== expected.join(); attempt++) {
      await new Promise((resolve) => setTimeout(resolve, attempt === 0 ? 0 : 100));
      seen = await states();
    }
    assert.deepEqual(seen, expected);
  };
  const labelOf = async (state: string): Promise<string> => {
    const item = (await session.window.treeItems(VIEW)).find(({ description }) => description.startsWith(state));
    assert.ok(item !== undefined);
    return item.label;
  };

  it("invites to build where there is nothing yet", async () => {
    const { window } = session;
    await window.waitForStatusBar("Slipway: no image");
    await window.openView(VIEW);
    assert.match(await window.viewMessage(VIEW), /No images of this workspace[\s\S]*Build Image/);
    await window.screenshot("images-1-empty");
  });

  it("shows the image when it is built, and that it is stale once a file changes", async () => {
    const { window, workspace } = session;
    await session.run(COMMAND.buildImage);
    await waitForStates("fresh");
    const [item] = await window.treeItems(VIEW);
    assert.match(item?.description ?? "", /^fresh · just now · [\d.]+ MB$/);
    await workspace.write("given.txt", "2\n");
    await waitForStates("stale");
    const tooltip = await window.treeItemTooltip(VIEW, await labelOf("stale"));
    await window.screenshot("images-2-stale");
    assert.match(tooltip, /stale.*The next build replaces it.*given\.txt changed.*Name: localhost\/slipway\//);
  });

  it("takes an image for fresh again when its files are back", async () => {
    const { workspace } = session;
    await workspace.write("given.txt", "1\n");
    await waitForStates("fresh");
  });

  it("shows what was replaced, and keeps it while a container uses it", async () => {
    const { window, workspace, engine } = session;
    const [image] = await engine.listImages({ labels: workspace.labels });
    container = await engine.createContainer({
      ...{ image: image?.references[0] ?? "", name: `slipway-test-user-${String(Date.now())}`, command: ["true"] },
      ...{ workingDirectory: undefined, env: {}, labels: {}, mounts: [], ports: [] },
    });
    await workspace.write("given.txt", "2\n");
    await session.run(COMMAND.buildImage);
    await waitForStates("fresh", "superseded");
    assert.match((await window.treeItems(VIEW))[1]?.description ?? "", /^superseded · in use · /);
    await window.clickTreeItemAction(VIEW, await labelOf("superseded"), "Remove Image");
    await window.waitForNotification(/is in use by slipway-test-user-\d+\. Remove that container first\./);
    await window.screenshot("images-3-superseded");
    await engine.removeContainer(container);
  });

  it("shows all that the engine knows of one", async () => {
    const { window } = session;
    const label = await labelOf("fresh");
    await window.clickTreeItemAction(VIEW, label, "Inspect");
    await window.waitForStatusBar("JSON");
    assert.match(await window.editorText(), /"id": "sha256:[\s\S]*"references"/);
    await window.screenshot("images-4-inspect");
  });

  it("cleans up what somebody has agreed to", async () => {
    const { window, engine, workspace } = session;
    const superseded = await labelOf("superseded");
    await window.runCommand("Slipway: Clean Up Images…");
    const dialog = await window.waitForDialog(/Remove 1 superseded image of [\d.]+ MB\?/);
    assert.ok(dialog.includes(superseded), dialog);
    await window.screenshot("images-5-clean-up");
    await window.clickDialogButton("Remove");
    await waitForStates("fresh");
    assert.equal((await engine.listImages({ labels: workspace.labels })).length, 1);
    await window.runCommand("Slipway: Clean Up Images…");
    await window.waitForNotification("There is no image to remove.");
  });

  it("removes the fresh one only after asking", async () => {
    const { window, engine, workspace } = session;
    await window.clickTreeItemAction(VIEW, await labelOf("fresh"), "Remove Image");
    await window.waitForDialog(/is fresh\. Remove it\?/);
    await window.screenshot("images-6-remove-fresh");
    await window.clickDialogButton("Cancel");
    await waitForStates("fresh");
    await window.clickTreeItemAction(VIEW, await labelOf("fresh"), "Remove Image");
    await window.waitForDialog(/is fresh/);
    await window.clickDialogButton("Remove Image");
    await window.waitForViewMessage(VIEW, /No images of this workspace/);
    assert.equal((await engine.listImages({ labels: workspace.labels })).length, 0);
  });
});

describe("The images view of a window with several folders", () => {
  let session: UiSession;

  after(async () => {
    const { engine, workspace } = session;
    // The session removes only what is of the folder that it made itself.
    for (const folder of ["one", "two"]) {
      const labels = workspaceLabels(workspaceOf(path.join(workspace.folder, folder)));
      for (const { id } of await engine.listImages({ labels })) {
        await engine.removeImage(id);
      }
    }
    await session.close();
  });

  it("has a folder for each that has images", async () => {
    session = await UiSession.open(
      {
        "all.code-workspace": JSON.stringify({ folders: [{ path: "one" }, { path: "two" }] }),
        "one/Dockerfile": "FROM busybox\nRUN echo this is one\n",
        "two/Dockerfile": "FROM busybox\nRUN echo this is two\n",
      },
      { open: "all.code-workspace" },
    );
    const { window } = session;
    await window.openView(VIEW);
    assert.match(await window.viewMessage(VIEW), /No images of this workspace/);
    for (const folder of ["two", "one"]) {
      const from = await window.outputLength("Slipway Run");
      await window.runCommand(COMMAND.buildImage);
      await window.pickQuickPick(folder);
      await window.waitForOutput("Slipway Run", /^done in/m, { from, timeout: 60_000 });
      await window.waitForTreeItem(VIEW, folder);
    }
    const items = await window.treeItems(VIEW);
    assert.deepEqual(
      items.map(({ label, level, description }) => (level === 1 ? label : description.split(" ")[0])),
      ["one", "fresh", "two", "fresh"],
    );
    await window.screenshot("images-7-folders");
  });
});
