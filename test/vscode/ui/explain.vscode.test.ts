import assert from "node:assert/strict";
import { COMMAND, UiSession } from "./UiSession";

describe("Why Is the Image Stale? in VS Code", () => {
  let session: UiSession;

  before(async () => {
    session = await UiSession.open({
      Dockerfile: "FROM scratch\nCOPY . /app\n",
      ".dockerignore": "Dockerfile\n.dockerignore\n",
      "src/app.js": "1\n",
    });
  });

  after(async () => {
    await session.close();
  });

  it("says that there is no image, and what will count", async () => {
    const { window } = session;
    await window.waitForStatusBar("Slipway: no image");
    await window.runCommand(COMMAND.explainImage);
    const text = await window.waitForEditor("Why There Is No Image (workspace).md", /What counts/);
    assert.match(text, /absent: there is no image yet/);
    assert.match(text, /Dockerfile:2 takes 2 entries, 2 bytes: COPY \. \/app/);
  });

  it("names what changed since the image was built, and leads to it", async () => {
    const { window, workspace } = session;
    await session.run(COMMAND.buildImage);
    await window.waitForStatusBar("Slipway: fresh");
    await workspace.write("src/app.js", "console.log(1);\n");
    await window.waitForStatusBar("Slipway: stale (1)");
    await window.clickStatusBarTooltip("Slipway: stale", "Why?");
    const text = await window.waitForEditor("Why It Is Stale (workspace).md", /src\/app\.js: content, 2 -> 16 bytes/);
    assert.match(text, /stale: src\/app\.js changed/);
    await window.screenshot("explain-1-stale");
    await window.followLink("src/app.js");
    await window.waitForEditor("app.js", /console\.log\(1\);/);
    await window.runCommand(COMMAND.explainImage);
    await window.waitForEditor("Why It Is Stale (workspace).md", /What counts/);
    await window.followLink("Dockerfile:2");
    await window.waitForEditor("Dockerfile", /COPY \. \/app/);
    await window.waitForStatusBar(/^Ln 2, Col 1$/);
  });

  it("says why it is fresh", async () => {
    const { window } = session;
    await session.run(COMMAND.buildImage);
    await window.waitForStatusBar("Slipway: fresh");
    await window.runCommand(COMMAND.explainImage);
    const text = await window.waitForEditor("Why It Is Fresh (workspace).md", /What counts/);
    assert.match(text, /Everything that counts is as it was for the image, which was built on \d{4}-/);
    await window.screenshot("explain-2-fresh");
  });
});
