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
  return address === undefined || address === "" ? undefined : address;
}

describe("The main job in VS Code", function () {
  this.timeout(jobDeadline + 60_000);
  const releases: (() => Promise<void>)[] = [];
  let folder: string;
  let window: VscodeWindow;

  /** Runs the command and returns what it wrote to "Slipway Run" up to the exit code. */
  async function runJob(): Promise<string> {
    const from = await window.outputLength("Slipway Run");
    await window.runCommand(buildAndRun);
    return window.waitForOutput("Slipway Run", /exit code \d+/, { timeout: jobDeadline, from });
  }

  before(async function () {
    const engine = firstEngine();
    if (engine === undefined) {
      this.skip();
    }
    folder = await mkdtemp(path.join(tmpdir(), "slipway-main-job-"));
    releases.push(() => rm(folder, { recursive: true, force: true }));
    await cp(path.join(root, "samples/node-app"), folder, { recursive: true });
    window = await VscodeWindow.open({
      folder,
      extension: { vsix: path.join(root, "dist/slipway.vsix") },
      env: { DOCKER_HOST: engine },
    });
    releases.push(() => window.close());
  });

  after(async () => {
    for (const release of releases.reverse()) {
      await release();
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
