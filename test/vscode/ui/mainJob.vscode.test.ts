import assert from "node:assert/strict";
import { appendFile } from "node:fs/promises";
import path from "node:path";
import { COMMAND, UiSession } from "./UiSession";

describe("The main job in VS Code", () => {
  let session: UiSession;

  before(async () => {
    session = await UiSession.open(undefined);
  });

  after(async () => {
    await session.close();
  });

  it("builds the image and runs the sample's own tests in it", async () => {
    const { window } = session;
    await window.waitForStatusBar("Slipway: no image");
    await window.screenshot("main-job-1-opened");
    const output = await session.run(COMMAND.buildAndRun);
    assert.match(output, /building: there is no image yet/);
    assert.match(output, /ok \d - greets by name/);
    assert.match(output, /exit code 0 in .*image built: there is no image yet/);
    assert.match(await window.outputText("Slipway Build"), /COPY src \.\/src/);
    await window.waitForStatusBar("Slipway: fresh");
    await window.screenshot("main-job-2-first-run");
  });

  it("does not build a second time", async () => {
    const built = await session.window.outputLength("Slipway Build");
    const output = await session.run(COMMAND.buildAndRun);
    assert.match(output, /fresh: \d+ inputs unchanged/);
    assert.match(output, /ok \d - greets by name/);
    assert.match(output, /exit code 0/);
    assert.equal(await session.window.outputLength("Slipway Build"), built);
    await session.window.screenshot("main-job-3-second-run");
  });

  it("notices an edit, and rebuilds with the file as the reason", async () => {
    const { window, workspace } = session;
    await appendFile(path.join(workspace.folder, "src/greeting.js"), "// Edited.\n");
    await window.waitForStatusBar("Slipway: stale (1)");
    assert.match(await window.statusBarTooltip("Slipway: stale"), /src\/greeting\.js changed/);
    await window.screenshot("main-job-4-stale");
    const output = await session.run(COMMAND.buildAndRun);
    assert.match(output, /rebuilding: src\/greeting\.js changed/);
    assert.match(output, /exit code 0/);
    await window.waitForStatusBar("Slipway: fresh");
    await window.screenshot("main-job-5-rebuilt");
  });

  it("rebuilds on a click on the status bar, and without cache on demand", async () => {
    const { window } = session;
    const from = await window.outputLength("Slipway Run");
    await window.clickStatusBar("Slipway: fresh");
    const clicked = await window.waitForOutput("Slipway Run", /done in/, { from });
    assert.match(clicked, /rebuilding: a rebuild was asked for/);
    const built = await window.outputLength("Slipway Build");
    const anew = await session.run(COMMAND.rebuildWithoutCache);
    assert.match(anew, /a rebuild without cache was asked for/);
    const log = (await window.outputText("Slipway Build")).slice(built);
    assert.doesNotMatch(log, /COPY src \.\/src\n {2}cached/);
    // No registry answers here; a developer behind one sees the pull instead.
    assert.match(log, /node:20 could not be pulled, the local one is used|Pulling node:20/);
    await window.waitForStatusBar("Slipway: fresh");
  });

  it("tells a failing task by its exit code", async () => {
    const { window, workspace } = session;
    await workspace.write(
      "test/fails.test.js",
      'import { test } from "node:test";\ntest("fails", () => { throw new Error("on purpose"); });\n',
    );
    const output = await session.run(COMMAND.buildAndRun);
    assert.match(output, /exit code 1 in/);
    assert.match(await window.waitForNotification("exit code 1"), /test: exit code 1/);
    await window.screenshot("main-job-6-failing-task");
  });
});
