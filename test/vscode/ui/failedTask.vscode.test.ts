import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { COMMAND, JOB_DEADLINE, UiSession } from "./UiSession";

const VIEW = "Containers";

describe("A task of several steps", () => {
  let session: UiSession;
  let container = "";

  before(async () => {
    session = await UiSession.open(undefined, { sample: "orders" });
  });

  after(async () => {
    await session.close();
  });

  const runTask = async (name: string, until: RegExp): Promise<string> => {
    const { window } = session;
    const from = await window.outputLength("Slipway Run");
    await window.runCommand(COMMAND.runTask);
    await window.pickQuickPick(name);
    return window.waitForOutput("Slipway Run", until, { from, timeout: JOB_DEADLINE });
  };

  it("sets the container up, shows each step, and brings back what they have made", async () => {
    const { window, workspace } = session;
    await window.waitForStatusBar("Slipway: no image");
    await window.openView(VIEW);
    const output = await runTask("report", /^exit code 0 in .*$/m);
    assert.match(
      output,
      /copied orders\.csv to [\s\S]*set-up: install tools\n[\s\S]*step 1 of 3: check\n[\s\S]*step 3 of 3: show\n[\s\S]*\nshow: succeeded[\s\S]*to \S*report: /,
    );
    assert.notEqual(await readFile(path.join(workspace.folder, "report/total.txt"), "utf8"), "");
    const row = await window.waitForTreeItem(VIEW, /^workspace-\w+ Up /);
    container = row.label;
    await window.screenshot("steps-1-report");
  });

  it("runs again in the same container, at once and without setting it up", async () => {
    const { window } = session;
    const output = await runTask("report", /^exit code 0 in .*$/m);
    assert.doesNotMatch(output, /set-up|a new container/);
    assert.match(output, /fresh: /);
    assert.deepEqual(
      (await window.treeItems(VIEW)).map(({ label }) => label),
      [container],
    );
  });

  it("keeps the container of a failed step, and opens a shell in it", async () => {
    const { window } = session;
    await runTask("broken", /^exit code 1 in .*$/m);
    await window.waitForNotification("broken: exit code 1 in step 2 of 3: look for /tmp/mended");
    await window.waitForTreeItem(VIEW, `${container} failed: look for /tmp/mended`);
    await window.screenshot("steps-2-failed");
    await window.clickNotificationButton("Open Shell", "broken: exit code 1");
    await window.waitForTerminal("/workspace");
    await window.typeInTerminal("echo in-$((40+2)) $CURRENCY; touch /tmp/mended\n");
    await window.waitForTerminal("in-42 EUR");
    await window.screenshot("steps-3-shell");
    await window.typeInTerminal("exit\n");
    await window.waitForNoTerminal();
  });

  it("goes on from the failed step", async () => {
    const { window, workspace, engine } = session;
    await window.waitForNotification("broken: exit code 1 in step 2 of 3");
    const from = await window.outputLength("Slipway Run");
    await window.clickNotificationButton("Retry from Failed Step", "broken: exit code 1");
    const output = await window.waitForOutput("Slipway Run", /^exit code 0 in .*$/m, { from });
    assert.match(output, /step 1 of 3: .*: done in the earlier try\n[\s\S]*\nthe last step is done\n/);
    const row = await window.waitForTreeItem(VIEW, /^workspace-\w+ Up /);
    assert.equal(row.label, container);
    assert.equal((await workspace.containers(engine)).length, 1);
    await window.screenshot("steps-4-retried");
  });

  it("discards the container of a failed step", async () => {
    const { window, workspace, engine } = session;
    await window.runCommand(COMMAND.openShell);
    await window.waitForTerminal("/workspace");
    await window.typeInTerminal("rm /tmp/mended; exit\n");
    await window.waitForNoTerminal();
    await runTask("broken", /^exit code 1 in .*$/m);
    await window.clickNotificationButton("Discard", "broken: exit code 1");
    await window.waitForViewMessage(VIEW, /No containers of this workspace/);
    assert.deepEqual(await workspace.containers(engine), []);
  });
});
