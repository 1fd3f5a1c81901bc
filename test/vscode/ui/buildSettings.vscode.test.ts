import assert from "node:assert/strict";
import { COMMAND, UiSession } from "./UiSession";

/** Nobody may see it. */
const CANARY = "canary-4be1f0a7";

const DOCKERFILE =
  "FROM busybox\nRUN --mount=type=secret,id=token cat /run/secrets/token && echo read\nCMD echo the image ran\n";

describe("The settings for building, in VS Code", () => {
  let session: UiSession;

  before(async () => {
    session = await UiSession.open(
      {
        Dockerfile: DOCKERFILE,
        ".dockerignore": "*\n",
        "slipway.json": '{ "build": { "secrets": [{ "id": "token", "env": "UI_TEST_TOKEN" }] } }\n',
      },
      { settings: { "slipway.forceRebuild": true }, env: { UI_TEST_TOKEN: CANARY } },
    );
  });
  after(async () => {
    await session.close();
  });

  it("build with a secret of VS Code's environment, which is shown nowhere", async () => {
    await session.window.waitForStatusBar("Slipway: no image");
    const output = await session.run(COMMAND.buildAndRun);
    assert.match(output, /the image ran/);
    const log = await session.window.outputText("Slipway Build");
    assert.match(log, /\bread\b/);
    assert.ok(!`${output}${log}`.includes(CANARY), "a secret was shown");
  });

  it("build each time where slipway.forceRebuild says so", async () => {
    assert.match(await session.run(COMMAND.buildAndRun), /rebuilding: a rebuild was asked for/);
    assert.match(await session.run(COMMAND.buildImage), /rebuilding: a rebuild was asked for/);
  });

  it("are those of the folder where it has some, and pull nothing where slipway.pull says so", async () => {
    const { window, workspace } = session;
    await workspace.write(
      ".vscode/settings.json",
      '{ "slipway.forceRebuild": false, "slipway.noCache": true, "slipway.pull": "never" }\n',
    );
    // VS Code reads the file once its watcher has told of it; until then, every job builds.
    const end = Date.now() + 30_000;
    let output = await session.run(COMMAND.buildImage);
    while (/rebuilding/.test(output) && Date.now() < end) {
      output = await session.run(COMMAND.buildImage);
    }
    assert.match(output, /fresh: \d+ inputs unchanged/);
    await workspace.write("Dockerfile", "FROM localhost/not-there:1\n");
    await window.runCommand(COMMAND.buildImage);
    assert.match(await window.waitForNotification("nothing may be pulled"), /localhost\/not-there:1/);
  });
});
