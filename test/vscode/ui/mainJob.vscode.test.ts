import assert from "node:assert/strict";
import { appendFile, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { VscodeWindow } from "../VscodeWindow";

const root = path.resolve(import.meta.dirname, "../../..");
const buildAndRun = "Slipway: Build & Run in Container";
const jobDeadline = 180_000;

/** The first of SLIPWAY_TEST_ENGINES, such as "docker=unix:///run/docker.sock,podman=unix:///run/podman.sock". */
function firstEngine(): string | undefined {
  const [first] = (process.env["SLIPWAY_TEST_ENGINES"] ?? "").split(",");
  const address = first?.slice(first.indexOf("=") + 1);
  return address === "" ? undefined : address;
}

describe("The main job in VS Code", function () {
  this.timeout(jobDeadline + 60_000);
  const engine = firstEngine();
  let folder: string;
  let window: VscodeWindow;

  /** Runs the command and returns what it wrote to "Slipway Run" from its start to the exit code. */
  async function runJob(): Promise<string> {
    const before = (await window.hasOutput("Slipway Run")) ? (await window.outputText("Slipway Run")).length : 0;
    await window.runCommand(buildAndRun);
    const isDone = new RegExp(`^[^]{${before}}[^]*exit code \\d+`);
    return (await window.waitForOutput("Slipway Run", isDone, jobDeadline)).slice(before);
  }

  before(async function () {
    if (engine === undefined) {
      this.skip();
    }
    folder = await mkdtemp(path.join(tmpdir(), "slipway-main-job-"));
    await cp(path.join(root, "samples/node-app"), folder, { recursive: true });
    window = await VscodeWindow.open({
      folder,
      extension: { vsix: path.join(root, "dist/slipway.vsix") },
      env: { DOCKER_HOST: engine },
    });
  });

  after(async () => {
    if (engine !== undefined) {
      try {
        await window.close();
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }
  });

  it("builds the image and runs the sample's own tests in it", async () => {
    await window.waitForStatusBar(/no image/i);
    await window.screenshot("main-job-1-opened");
    const output = await runJob();
    assert.match(output, /greets by name/);
    assert.match(output, /exit code 0/);
    await window.waitForStatusBar(/fresh/i);
    await window.screenshot("main-job-2-first-run");
  });

  it("does not build a second time", async () => {
    const output = await runJob();
    assert.match(output, /fresh/i);
    assert.match(output, /greets by name/);
    assert.match(output, /exit code 0/);
    await window.screenshot("main-job-3-second-run");
  });

  it("notices an edit, and rebuilds with the file as the reason", async () => {
    await appendFile(path.join(folder, "src/greeting.js"), "// Edited.\n");
    await window.waitForStatusBar(/stale/i);
    await window.screenshot("main-job-4-stale");
    const output = await runJob();
    assert.match(output, /src\/greeting\.js/);
    assert.match(output, /exit code 0/);
    await window.waitForStatusBar(/fresh/i);
    await window.screenshot("main-job-5-rebuilt");
  });
});
