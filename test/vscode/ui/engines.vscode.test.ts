import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { EngineProxy } from "../../integration/EngineProxy";
import { testEngines } from "../../integration/testEngines";
import { COMMAND, UiSession } from "./UiSession";

const VIEW = "Containers";
/** Longer than the longest pause between two looks for a lost engine, in milliseconds. */
const NOTICED_WITHIN = 30_000;

describe("Engines", () => {
  let folder: string;
  let session: UiSession | undefined;
  let proxies: EngineProxy[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "slipway-engines-"));
    proxies = [];
  });

  afterEach(async () => {
    await session?.close();
    session = undefined;
    for (const proxy of proxies) {
      await proxy.close();
    }
    await rm(folder, { recursive: true, force: true });
  });

  /** Lets the first test engine answer at a path of the test's own. */
  const listen = async (socket: string): Promise<EngineProxy> => {
    const proxy = await EngineProxy.listen(testEngines()[0]?.address ?? "", socket);
    proxies.push(proxy);
    return proxy;
  };

  it("one that is not there, comes, goes and comes back is noticed without a word", async () => {
    const socket = path.join(folder, "engine.sock");
    session = await UiSession.open(
      { Dockerfile: 'FROM busybox\nCMD ["echo", "hello"]\n' },
      { env: { DOCKER_HOST: `unix://${socket}` } },
    );
    const { window } = session;
    await window.waitForStatusBar("Slipway: no engine");
    await window.openView(VIEW);
    await window.waitForViewMessage(VIEW, /No container engine answers/);
    await window.waitForViewMessage("Images", /No container engine answers/);
    await window.screenshot("engines-1-none");
    await window.runCommand(COMMAND.buildAndRun);
    const notification = await window.waitForNotification("No container engine answers");
    assert.match(notification, /engine\.sock/);
    await window.screenshot("engines-2-what-was-tried");
    await window.clickNotificationButton("Select Engine…");
    assert.ok((await window.quickPickTexts()).some((item) => item.includes("Look for One")));
    await window.dismissQuickInput();

    const first = await listen(socket);
    await window.waitForStatusBar("Slipway: no image", NOTICED_WITHIN);
    await window.waitForViewMessage(VIEW, /No containers of this workspace/);
    assert.match(await session.run(COMMAND.buildAndRun), /^hello$/m);
    await window.waitForStatusBar("Slipway: fresh");
    await window.waitForTreeItem(VIEW, "image's command");
    await window.waitForTreeItem("Images", / fresh · in use · /);

    await first.close();
    await window.waitForStatusBar("Slipway: no engine", NOTICED_WITHIN);
    await window.waitForViewMessage(VIEW, /No container engine answers/);
    await window.screenshot("engines-3-lost");

    await listen(socket);
    await window.waitForStatusBar("Slipway: fresh", NOTICED_WITHIN);
    await window.waitForTreeItem(VIEW, "image's command");
  });

  it("what happens on it is seen: a container made elsewhere, an image removed by hand", async () => {
    session = await UiSession.open({ Dockerfile: 'FROM busybox\nCMD ["echo", "hello"]\n' });
    const { window, workspace, engine } = session;
    await window.openView(VIEW);
    await window.waitForStatusBar("Slipway: no image");
    assert.match(await session.run(COMMAND.buildAndRun), /^hello$/m);
    await window.waitForStatusBar("Slipway: fresh");
    await window.waitForTreeItem(VIEW, "image's command");
    for (const { id } of await workspace.containers(engine)) {
      await engine.removeContainer(id);
    }
    await window.waitForViewMessage(VIEW, /No containers of this workspace/);
    for (const { references } of await engine.listImages({ labels: workspace.labels })) {
      await engine.removeImage(references[0] ?? "");
    }
    await window.waitForStatusBar("Slipway: no image");
  });

  it("can be selected from all that were found, and the choice is kept for the workspace", async () => {
    const [first] = testEngines();
    const context = path.join(folder, "contexts/meta", createHash("sha256").update("other").digest("hex"));
    await mkdir(context, { recursive: true });
    const socket = path.join(folder, "other.sock");
    await writeFile(
      path.join(context, "meta.json"),
      JSON.stringify({ Name: "other", Endpoints: { docker: { Host: `unix://${socket}` } } }),
    );
    await listen(socket);
    session = await UiSession.open({ Dockerfile: "FROM busybox\n" }, { env: { DOCKER_CONFIG: folder } });
    const { window } = session;
    await window.waitForStatusBar("Slipway: no image");
    await window.runCommand(COMMAND.selectEngine);
    await window.waitForQuickPick(`unix://${socket}`);
    const items = await window.quickPickTexts();
    assert.ok(
      items.some((item) => item.includes("in use") && item.includes(first?.address ?? "?")),
      items.join("\n"),
    );
    await window.screenshot("engines-4-select");
    await window.pickQuickPickShowing(`unix://${socket}`);
    const chosen =
      /Using the engine at unix:\/\/\S*other\.sock \(chosen for this workspace: the docker context "other"\)/;
    await window.waitForOutput("Slipway", chosen);
    await window.waitForStatusBar("Slipway: no image");

    await window.waitForRemembered("chosen for this workspace");
    await window.reload();
    await window.waitForStatusBar("Slipway: no image");
    await window.waitForOutput("Slipway", chosen);

    await window.runCommand(COMMAND.selectEngine);
    await window.pickQuickPickShowing("Look for One");
    await window.waitForOutput("Slipway", /Using the engine at \S+ \(DOCKER_HOST\)/);
  });

  it("an address can be entered, and what is wrong with it is said while it is written", async () => {
    const socket = path.join(folder, "entered.sock");
    await listen(socket);
    session = await UiSession.open({ Dockerfile: "FROM busybox\n" });
    const { window } = session;
    await window.waitForStatusBar("Slipway: no image");
    await window.runCommand(COMMAND.selectEngine);
    await window.pickQuickPickShowing("Enter an Address");
    assert.match(await window.typeText("tcp://elsewhere.example:2375"), /TLS/);
    await window.screenshot("engines-5-address");
    await window.enterText(`unix://${socket}`);
    await window.waitForOutput("Slipway", /Using the engine at unix:\S*entered\.sock \(chosen for this workspace\)/);
  });
});
