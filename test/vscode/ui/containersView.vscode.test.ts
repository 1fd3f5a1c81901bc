import assert from "node:assert/strict";
import { COMMAND, UiSession } from "./UiSession";

const VIEW = "Containers";

describe("The containers view", () => {
  let session: UiSession;

  before(async () => {
    session = await UiSession.open({
      Dockerfile: "FROM busybox\n",
      "slipway.json": `{
        "run": { "ports": [8000] },
        "tasks": {
          "serve": { "command": "trap 'exit 0' TERM; echo serving; while :; do sleep 0.1; done" },
          "say": { "command": ["echo", "said"] }
        }
      }`,
    });
  });

  after(async () => {
    await session.close();
  });

  it("invites to build where there is nothing yet", async () => {
    await session.window.waitForStatusBar("Slipway: no image");
    await session.window.openView(VIEW);
    await session.window.screenshot("containers-1-empty");
    assert.match(await session.window.viewMessage(VIEW), /No containers of this workspace/);
  });

  it("asks which task once, and remembers", async () => {
    const { window } = session;
    const from = await window.outputLength("Slipway Run");
    await window.runCommand(COMMAND.buildAndRun);
    assert.deepEqual(
      (await window.quickPickItems()).map((item) => item.split(/[ ,]/)[0]),
      ["serve", "say"],
    );
    await window.screenshot("containers-2-which-task");
    await window.pickQuickPick("say");
    await window.waitForOutput("Slipway Run", /^said$[\s\S]*exit code 0/m, { from, timeout: 60_000 });
    assert.match(await session.run(COMMAND.buildAndRun), /^said$/m);
  });

  it("shows the stopped container; its logs, start and removal work", async () => {
    const { window } = session;
    await waitUntil(async () =>
      (await window.treeItems(VIEW)).some(({ description }) => /Exited \(0\)/.test(description)),
    );
    await window.screenshot("containers-3-stopped");
    await window.clickTreeItemAction(VIEW, "say", "Show Logs");
    await window.waitForOutput("Slipway Container Logs", /^said$/m);
    await window.clickTreeItemAction(VIEW, "say", "Start");
    await waitUntil(async () => (await allLogs(session)) === "said\nsaid\n");
    // While it is shown as running, removing it asks first.
    await waitUntil(async () =>
      (await window.treeItems(VIEW)).some(({ description }) => /Exited \(0\)/.test(description)),
    );
    await window.clickTreeItemAction(VIEW, "say", "Remove");
    await waitUntil(async () => (await session.workspace.containers(session.engine)).length === 0);
    await waitUntil(async () => (await window.treeItems(VIEW)).length === 0);
  });

  it("shows a running one with its port, and stops it", async () => {
    const { window } = session;
    const from = await window.outputLength("Slipway Run");
    await window.runCommand(COMMAND.runTask);
    await window.pickQuickPick("serve");
    const output = await window.waitForOutput("Slipway Run", /^serving$/m, { from, timeout: 60_000 });
    assert.match(output, /port 8000 of the container: http:\/\/127\.0\.0\.1:\d+/);
    await waitUntil(async () =>
      (await window.treeItems(VIEW)).some(({ description }) => /Up .*127\.0\.0\.1:\d+→8000/.test(description)),
    );
    await window.screenshot("containers-4-running");
    await window.clickTreeItemAction(VIEW, "serve", "Stop");
    await window.waitForOutput("Slipway Run", /exit code 0/, { from });
    await window.waitForTreeItem(VIEW, "serve");
  });

  it("cancelling from the notification stops the task and removes its container", async () => {
    const { window } = session;
    const from = await window.outputLength("Slipway Run");
    await window.runCommand(COMMAND.buildAndRun);
    await window.waitForOutput("Slipway Run", /^serving$/m, { from, timeout: 60_000 });
    await window.waitForNotification("Running serve");
    await window.screenshot("containers-5-progress");
    await window.cancelProgressNotification("Running serve");
    await window.waitForOutput("Slipway Run", /^cancelled$/m, { from });
    await waitUntil(async () => (await session.workspace.containers(session.engine)).length === 0);
  });
});

/** What all containers of the workspace wrote in all their runs, as the engine has it. */
async function allLogs({ workspace, engine }: UiSession): Promise<string> {
  const chunks: Uint8Array[] = [];
  for (const { id } of await workspace.containers(engine)) {
    for await (const { data } of engine.containerLogs(id, { follow: false })) {
      chunks.push(data);
    }
  }
  return Buffer.concat(chunks).toString();
}

async function waitUntil(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await condition()); attempt++) {
    assert.ok(attempt < 100, "not within 10 s");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
