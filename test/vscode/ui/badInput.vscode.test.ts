import assert from "node:assert/strict";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EngineDoor } from "../EngineDoor";
import { EngineProxy } from "../../integration/EngineProxy";
import { testEngines } from "../../integration/testEngines";
import { COMMAND, UiSession } from "./UiSession";

describe("Bad input in VS Code", () => {
  let session: UiSession;

  afterEach(async () => {
    await session.close();
  });

  it("a failing step is told with its place, and the build can be cancelled", async () => {
    session = await UiSession.open({ Dockerfile: "FROM busybox\nRUN echo before && exit 4\n" });
    const { window, workspace, engine } = session;
    await window.waitForStatusBar("Slipway: no image");
    await window.runCommand(COMMAND.buildAndRun);
    assert.match(await window.waitForNotification("failed with exit code 4", 60_000), /Dockerfile:2/);
    await window.waitForStatusBar("Slipway: build failed");
    await window.screenshot("bad-input-1-failed-build");
    assert.ok((await window.problems()).some((row) => /failed with exit code 4/.test(row)));
    await window.clickNotificationButton("Show Build Output", "failed with exit code 4");
    await workspace.write("Dockerfile", "FROM busybox\nRUN echo up && sleep 301\n");
    await window.waitForStatusBar("Slipway: no image");
    await window.runCommand(COMMAND.buildImage);
    await window.waitForOutput("Slipway Build", /^up$/m, { timeout: 60_000 });
    const from = await window.outputLength("Slipway Run");
    await window.cancelProgressNotification("Building the image");
    await window.waitForOutput("Slipway Run", /^cancelled$/m, { from });
    await window.waitForStatusBar("Slipway: no image");
    assert.deepEqual(await engine.listImages({ labels: workspace.labels }), []);
  });

  it("a mistake in slipway.json is told with line and column, and leads there", async () => {
    session = await UiSession.open({
      Dockerfile: "FROM busybox\n",
      "slipway.json": '{\n  "run": { "prots": [] }\n}\n',
    });
    const { window } = session;
    await window.waitForStatusBar("Slipway: cannot check");
    await window.runCommand(COMMAND.buildAndRun);
    await window.waitForNotification(/slipway\.json:2:12: "prots" is not known here/);
    assert.ok((await window.problems()).some((row) => /"prots" is not known here/.test(row)));
    await window.screenshot("bad-input-2-configuration");
    await window.clickNotificationButton("Open slipway.json");
    await window.waitForStatusBar("Ln 2, Col 12");
  });

  it("leads to a Dockerfile that lies outside the folder", async () => {
    session = await UiSession.open(
      {
        Dockerfile: "FROM busybox\nBOGUS\n",
        "app/slipway.json": '{ "build": { "dockerfile": "../Dockerfile" } }',
      },
      { open: "app" },
    );
    const { window, workspace } = session;
    await window.waitForStatusBar("Slipway: cannot check");
    await window.runCommand(COMMAND.buildAndRun);
    const file = path.join(workspace.folder, "Dockerfile");
    await window.waitForNotification(`${file}:2: `);
    await window.screenshot("bad-input-8-outside");
    await window.clickNotificationButton(`Open ${file}`);
    await window.waitForStatusBar("Ln 2, Col 1");
  });

  it("asks once which of several Dockerfiles to build", async () => {
    session = await UiSession.open({
      Dockerfile: 'FROM busybox\nCMD ["echo", "one"]\n',
      Containerfile: 'FROM busybox\nCMD ["echo", "two"]\n',
      "Dockerfile.dev": 'FROM busybox\nCMD ["echo", "three"]\n',
    });
    const { window, workspace } = session;
    await window.waitForStatusBar("Slipway: cannot check");
    await window.runCommand(COMMAND.buildAndRun);
    await window.screenshot("bad-input-3-which-dockerfile");
    await window.pickQuickPick("Containerfile");
    await window.waitForOutput("Slipway Run", /^two$[\s\S]*exit code 0/m, { timeout: 60_000 });
    assert.match(await session.run(COMMAND.buildAndRun), /^two$/m);

    await window.runCommand(COMMAND.chooseDockerfile);
    assert.deepEqual(await window.quickPickItems(), ["Dockerfile", "Containerfile", "Dockerfile.dev"]);
    await window.screenshot("bad-input-6-another-dockerfile");
    await window.pickQuickPick("Dockerfile.dev");
    await window.waitForStatusBar("Slipway: stale (1)");
    assert.match(await session.run(COMMAND.buildAndRun), /^three$/m);

    await workspace.write("slipway.json", '{ "build": { "dockerfile": "Dockerfile" } }');
    await window.runCommand(COMMAND.chooseDockerfile);
    await window.pickQuickPick("Containerfile");
    await window.waitForNotification("slipway.json says what is built");
    await window.screenshot("bad-input-7-slipway-json-decides");
  });

  it("says so when there is no other Dockerfile to choose", async () => {
    session = await UiSession.open({ Dockerfile: "FROM busybox\n", "Dockerfile.dockerignore": "*\n" });
    await session.window.waitForStatusBar("Slipway: no image");
    await session.window.runCommand(COMMAND.chooseDockerfile);
    await session.window.waitForNotification(/There is only one Dockerfile at the root of workspace: Dockerfile\./);
  });

  it("nothing is built in a workspace that is not trusted", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "slipway-untrusted-"));
    const socket = path.join(folder, "engine.sock");
    const door = await EngineDoor.listen(socket);
    try {
      session = await UiSession.open(
        { Dockerfile: "FROM busybox\n" },
        { trusted: false, env: { DOCKER_HOST: `unix://${socket}` } },
      );
      const { window, workspace, engine } = session;
      await window.waitForStatusBar("Slipway: not trusted");
      await window.openView("Containers");
      for (const view of ["Containers", "Images"]) {
        assert.match(await window.viewMessage(view), /not looked for in a workspace that is not trusted/);
      }
      await workspace.write("Dockerfile", "FROM busybox\nRUN echo changed\n");
      await workspace.write("src/new.js", "");
      await window.runCommand(COMMAND.buildAndRun);
      await window.waitForNotification("only in workspaces that you trust");
      // That nothing happens can only be seen by waiting: three times as long as files are waited for before a look.
      await sleep(1_500);
      await window.waitForStatusBar("Slipway: not trusted");
      await window.screenshot("bad-input-4-untrusted");
      assert.equal(door.knocks, 0, "connections to the engine before trust");
      assert.deepEqual(await engine.listImages({ labels: workspace.labels }), []);
    } finally {
      await door.close();
    }

    const proxy = await EngineProxy.listen(testEngines()[0]?.address ?? "", socket);
    try {
      const { window } = session;
      await window.trustWorkspace();
      await window.waitForStatusBar("Slipway: no image");
      assert.match(await window.viewMessage("Containers"), /No containers of this workspace/);
    } finally {
      await proxy.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("a Dockerfile that vanishes is told", async () => {
    session = await UiSession.open({
      Dockerfile: "FROM busybox\n",
      "slipway.json": '{ "build": { "dockerfile": "Dockerfile" } }',
    });
    const { window, workspace } = session;
    await window.waitForStatusBar("Slipway: no image");
    await rename(path.join(workspace.folder, "Dockerfile"), path.join(workspace.folder, "elsewhere"));
    await window.runCommand(COMMAND.buildAndRun);
    await window.waitForNotification(/Dockerfile: there is no such file/);
    await window.waitForStatusBar("Slipway: cannot check");
  });
});
