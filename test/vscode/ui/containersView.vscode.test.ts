import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { LABEL, taskLabels } from "../../../src/core/labels";
import { currentOwner, formatOwner } from "../../../src/core/owner";
import { workspaceOf } from "../../../src/core/Workspace";
import { COMMAND, UiSession } from "./UiSession";

const VIEW = "Containers";
const WARM_UP = /^workspace-\w+ Up .*127\.0\.0\.1:\d+→8000/;
const SERVE = "mkdir -p /tmp/www; echo hello > /tmp/www/index.html; httpd -p 8000 -h /tmp/www; echo serving; sleep 301";

describe("The containers view", () => {
  let session: UiSession;
  let warm = "";

  before(async () => {
    session = await UiSession.open({
      Dockerfile: 'FROM busybox\nCMD ["echo", "said"]\n',
      "slipway.json": JSON.stringify({
        run: { ports: [8000] },
        tasks: {
          serve: { command: SERVE },
          say: { command: ["echo", "said"] },
          ask: { command: "echo your answer?; read answer; echo got-$answer", interactive: true },
        },
      }),
    });
  });

  after(async () => {
    await session.close();
  });

  const runTask = async (name: string, until: RegExp): Promise<string> => {
    const { window } = session;
    const from = await window.outputLength("Slipway Run");
    await window.runCommand(COMMAND.runTask);
    await window.pickQuickPick(name);
    return window.waitForOutput("Slipway Run", until, { from, timeout: 60_000 });
  };

  it("invites to build where there is nothing yet", async () => {
    await session.window.waitForStatusBar("Slipway: no image");
    await session.window.openView(VIEW);
    await session.window.screenshot("containers-1-empty");
    assert.match(await session.window.viewMessage(VIEW), /No containers of this workspace/);
  });

  it("asks which task once, and remembers; the container waits for the next one", async () => {
    const { window } = session;
    const from = await window.outputLength("Slipway Run");
    await window.runCommand(COMMAND.buildAndRun);
    assert.deepEqual(
      (await window.quickPickItems()).map((item) => item.split(/[ ,]/)[0]),
      ["serve", "say", "ask"],
    );
    await window.screenshot("containers-2-which-task");
    await window.pickQuickPick("say");
    await window.waitForOutput("Slipway Run", /^said$[\s\S]*exit code 0/m, { from, timeout: 60_000 });
    assert.match(await session.run(COMMAND.buildAndRun), /^said$/m);
    warm = (await window.waitForTreeItem(VIEW, WARM_UP)).label;
    assert.equal((await window.treeItems(VIEW)).length, 1);
  });

  it("shows which task runs where, and opens its port", async () => {
    const { window } = session;
    const output = await runTask("serve", /^serving$/m);
    assert.match(output, /port 8000 of the container: http:\/\/127\.0\.0\.1:\d+/);
    await window.waitForTreeItem(VIEW, /running: serve {2}Up .*127\.0\.0\.1:\d+→8000/);
    await window.screenshot("containers-3-running");
    const address = await window.openedAddress(async () => {
      await window.clickTreeItemAction(VIEW, warm, "Open Port in Browser");
    });
    const port = /127\.0\.0\.1:(\d+)/.exec(output)?.[1] ?? "";
    // VS Code in a browser leads ports of its machine through a proxy of its server's, at an address of its own.
    assert.match(address, new RegExp(`^http://127\\.0\\.0\\.1:(?:${port}|\\d+/proxy/${port})/$`));
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "hello\n");
  });

  it("copies a file from the only container without asking which", async () => {
    const { window, workspace } = session;
    await window.runCommand(COMMAND.copyFromContainer);
    await window.enterText("/tmp/www/index.html");
    await window.chooseFolder(`${workspace.folder}/`, "Copy Here");
    await window.waitForNotification("copied /tmp/www/index.html to");
    await window.screenshot("containers-4-copied");
    assert.equal(await readFile(path.join(workspace.folder, "index.html"), "utf8"), "hello\n");
  });

  it("Cancel in the notification ends what the task runs in the container, which goes on", async () => {
    const { window, engine, workspace } = session;
    const from = await window.outputLength("Slipway Run");
    await window.waitForNotification("Running serve");
    await window.screenshot("containers-5-progress");
    await window.cancelProgressNotification("Running serve");
    await window.waitForOutput("Slipway Run", /^cancelled$/m, { from });
    await window.waitForTreeItem(VIEW, WARM_UP);
    const [container] = await workspace.containers(engine);
    const program = await engine.exec(container?.id ?? "", {
      ...{ command: ["ps", "-o", "args"], env: {}, workingDirectory: undefined, user: undefined },
      ...{ tty: false, stdin: false },
    });
    let processes = "";
    for await (const { data } of program.output) {
      processes += Buffer.from(data).toString();
    }
    program.close();
    assert.match(processes, /ps -o args/);
    assert.doesNotMatch(processes, /httpd|sleep 301/);
  });

  it("a container that is stopped by hand ends its task without complaint, and is started again", async () => {
    const { window } = session;
    const from = await window.outputLength("Slipway Run");
    await runTask("serve", /^serving$/m);
    await window.waitForTreeItem(VIEW, /running: serve/);
    await window.clickTreeItemAction(VIEW, warm, "Stop Container");
    await window.waitForOutput("Slipway Run", /^stopped with its container$/m, { from });
    await window.waitForTreeItem(VIEW, /^workspace-\w+ Exited/);
    await window.clickTreeItemAction(VIEW, warm, "Start Container");
    await window.waitForTreeItem(VIEW, WARM_UP);
  });

  it("runs an interactive task in a terminal", async () => {
    const { window } = session;
    await window.runCommand(COMMAND.runTask);
    await window.pickQuickPick("ask");
    await window.waitForTerminal("your answer?");
    await window.typeInTerminal("forty-two\n");
    await window.waitForTerminal(/got-forty-two[\s\S]*exit code 0[\s\S]*Press any key/);
    await window.screenshot("containers-6-interactive");
    await window.pressInTerminal("Enter");
    await window.waitForNoTerminal();
  });

  it("removes in the background what a process that has died has left, and nothing else", async () => {
    const { window, workspace, engine } = session;
    const name = `slipway-test-left-${String(Date.now())}`;
    const of = { workspace: workspaceOf(workspace.folder), task: "left", fingerprint: undefined, session: "died" };
    const labels = taskLabels({ ...of, keep: false, name });
    const left = await engine.createContainer({
      ...{ image: "busybox", name, command: ["sleep", "302"], workingDirectory: undefined, env: {}, mounts: [] },
      ...{ ports: [], labels: { ...labels, [LABEL.owner]: formatOwner({ ...currentOwner(), started: "1" }) } },
    });
    await engine.startContainer(left);
    await window.waitForTreeItem(VIEW, /^left Up /);
    await window.reload();
    await waitUntil(async () => (await engine.inspectContainer(left)) === undefined);
    await window.openView(VIEW);
    await window.waitForTreeItem(VIEW, WARM_UP);
    assert.equal((await window.treeItems(VIEW)).length, 1);
  });

  it("cleans up what nobody uses, once somebody has agreed to it", async () => {
    const { window, workspace, engine } = session;
    await window.clickTreeItemAction(VIEW, warm, "Stop Container");
    await window.waitForTreeItem(VIEW, /^workspace-\w+ Exited/);
    await window.runCommand(COMMAND.cleanUpContainers);
    const dialog = await window.waitForDialog("Remove 1 container that nobody uses?");
    assert.ok(dialog.includes(`slipway-${warm}`), dialog);
    await window.screenshot("containers-7-clean-up");
    await window.clickDialogButton("Remove");
    await window.waitForViewMessage(VIEW, /No containers of this workspace/);
    assert.deepEqual(await workspace.containers(engine), []);
  });

  it("keeps the container of the image's own command; its logs, start and removal work", async () => {
    const { window, workspace, engine } = session;
    await workspace.write("slipway.json", "{}");
    assert.match(await session.run(COMMAND.buildAndRun), /^said$/m);
    await window.waitForTreeItem(VIEW, "image's command Exited (0)");
    await window.screenshot("containers-8-stopped");
    await window.clickTreeItemAction(VIEW, "image's command", "Show Container Logs");
    await window.waitForOutput("Slipway Container Logs", /^said$/m);
    await window.clickTreeItemAction(VIEW, "image's command", "Start Container");
    await waitUntil(async () => (await allLogs(session)) === "said\nsaid\n");
    // While it is shown as running, removing it asks first.
    await window.waitForTreeItem(VIEW, "image's command Exited (0)");
    await window.clickTreeItemAction(VIEW, "image's command", "Remove Container");
    await window.waitForViewMessage(VIEW, /No containers of this workspace/);
    assert.deepEqual(await workspace.containers(engine), []);
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
    assert.ok(attempt < 200, "not within 20 s");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
