import assert from "node:assert/strict";
import { COMMAND, UiSession } from "./UiSession";

const VIEW = "Images";

describe("The images view", () => {
  let session: UiSession;

  before(async () => {
    session = await UiSession.open(
      { Dockerfile: "FROM busybox\nCOPY given.txt /\n", "given.txt": "1\n" },
      { settings: { "slipway.keepImages": 0 } },
    );
  });
  after(async () => {
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

  it("shows what was replaced", async () => {
    const { window, workspace } = session;
    await workspace.write("given.txt", "2\n");
    await session.run(COMMAND.buildImage);
    await waitForStates("fresh", "superseded");
    await window.screenshot("images-3-superseded");
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
