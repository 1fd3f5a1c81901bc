import { cp } from "node:fs/promises";
import path from "node:path";
import type { ContainerEngine } from "../../../src/core/ports/ContainerEngine";
import { testEngines } from "../../integration/testEngines";
import { TestWorkspace } from "../../integration/TestWorkspace";
import { VscodeWindow, type VscodeWindowOptions } from "../VscodeWindow";

const root = path.resolve(__dirname, "../../..");

/** What a person sees of the commands in the palette. */
export const COMMAND = {
  buildAndRun: "Slipway: Build & Run in Container",
  runTask: "Slipway: Run Task in Container…",
  stopTask: "Slipway: Stop Task",
  openShell: "Slipway: Open Shell in Container",
  copyFromContainer: "Slipway: Copy From Container…",
  copyToContainer: "Slipway: Copy To Container…",
  cleanUpContainers: "Slipway: Clean Up Containers…",
  openPort: "Slipway: Open Port in Browser",
  buildImage: "Slipway: Build Image",
  rebuildImage: "Slipway: Rebuild Image",
  rebuildWithoutCache: "Slipway: Rebuild Without Cache",
  explainImage: "Slipway: Why Is the Image Stale?",
  selectEngine: "Slipway: Select Engine…",
  chooseDockerfile: "Slipway: Choose Dockerfile…",
} as const;

/** Long enough for a build on a busy machine, in milliseconds. */
export const JOB_DEADLINE = 90_000;

/** A real VS Code with the packaged extension, on a workspace and an engine of its own. */
export class UiSession {
  private constructor(
    readonly window: VscodeWindow,
    readonly workspace: TestWorkspace,
    readonly engine: ContainerEngine,
  ) {}

  /**
   * @param files of the workspace; undefined copies a sample.
   * @param options `sample` is its name, "node-app" by default; with `open`, the .code-workspace file among them that is opened instead of the folder.
   */
  static async open(
    files: Readonly<Record<string, string>> | undefined,
    {
      open = "",
      sample = "node-app",
      ...options
    }: Pick<VscodeWindowOptions, "trusted" | "settings" | "env"> & {
      readonly open?: string;
      readonly sample?: string;
    } = {},
  ): Promise<UiSession> {
    const [first] = testEngines();
    if (first === undefined) {
      throw new Error("There is no engine to test on.");
    }
    const workspace = await TestWorkspace.create(files ?? {});
    if (files === undefined) {
      await cp(path.join(root, "samples", sample), workspace.folder, { recursive: true });
    }
    const window = await VscodeWindow.open({
      folder: path.join(workspace.folder, open),
      extension: { vsix: path.join(root, "dist/slipway.vsix") },
      ...options,
      env: { DOCKER_HOST: first.address, SLIPWAY_CACHE_DIR: workspace.cache, ...options.env },
    });
    return new UiSession(window, workspace, first.connect());
  }

  /** Runs a command and returns what "Slipway Run" got of it, up to the text that ends it. */
  async run(command: string, until: RegExp = /^(exit code \d+|done) in .*$/m): Promise<string> {
    const from = await this.window.outputLength("Slipway Run");
    await this.window.runCommand(command);
    return this.window.waitForOutput("Slipway Run", until, { timeout: JOB_DEADLINE, from });
  }

  async close(): Promise<void> {
    try {
      await this.window.close();
    } finally {
      await this.workspace.remove(this.engine);
    }
  }
}
