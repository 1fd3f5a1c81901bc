import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import * as vscode from "vscode";
import { EngineDoor } from "../EngineDoor";

interface Manifest {
  readonly contributes?: { readonly commands?: readonly { readonly command: string }[] };
}

/** More than this would be felt when a window opens. */
const ACTIVATION_MS = 200;
const TURN_MS = 10;
const TURNS_ON_TIME = 50;
const LONGEST_START_MS = 20_000;

describe("Activation in a window without a folder", () => {
  let folder: string;
  let door: EngineDoor;
  let activationMs: number;
  const dockerHost = process.env["DOCKER_HOST"];

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "slipway-activation-"));
    const socket = path.join(folder, "engine.sock");
    door = await EngineDoor.listen(socket);
    // The extension runs in this process, and looks for an engine where this says.
    process.env["DOCKER_HOST"] = `unix://${socket}`;
    const extension = installed();
    assert.equal(extension.isActive, false, "nothing has activated the extension before");
    await quiet();
    const started = performance.now();
    await extension.activate();
    activationMs = performance.now() - started;
  });

  after(async () => {
    if (dockerHost === undefined) {
      delete process.env["DOCKER_HOST"];
    } else {
      process.env["DOCKER_HOST"] = dockerHost;
    }
    await door.close();
    await rm(folder, { recursive: true, force: true });
  });

  it(`takes less than ${ACTIVATION_MS} ms`, () => {
    assert.ok(activationMs < ACTIVATION_MS, `it took ${activationMs.toFixed(0)} ms`);
  });

  it("connects to no engine, not even when the view is opened", async () => {
    await vscode.commands.executeCommand("slipway.containers.focus");
    await vscode.commands.executeCommand("slipway.refreshContainers");
    // Whoever had connected before this is counted before it.
    await new Promise<void>((resolve, reject) => {
      connect(path.join(folder, "engine.sock"))
        .on("error", reject)
        .on("close", () => {
          resolve();
        })
        .resume();
    });
    assert.equal(door.knocks, 1);
  });

  it("registers every command that package.json contributes", async () => {
    const manifest = installed().packageJSON as Manifest;
    const contributed = manifest.contributes?.commands?.map(({ command }) => command) ?? [];
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.notEqual(contributed.length, 0);
    assert.deepEqual(
      contributed.filter((command) => !registered.has(command)),
      [],
    );
  });
});

/** VS Code's own start is over when turns of the event loop come on time; what it takes of them is not ours. */
async function quiet(): Promise<void> {
  const deadline = performance.now() + LONGEST_START_MS;
  for (let onTime = 0; onTime < TURNS_ON_TIME && performance.now() < deadline;) {
    const started = performance.now();
    await setTimeout(TURN_MS);
    onTime = performance.now() - started < 2 * TURN_MS ? onTime + 1 : 0;
  }
}

function installed(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension("slipway.slipway");
  assert.ok(extension, "the extension is installed");
  return extension;
}
