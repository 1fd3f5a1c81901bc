import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium, type Page } from "playwright-core";
import { chromiumArguments, ensureChromium } from "../../../scripts/lib/chromium.mjs";
import { ensureVscodeServer } from "../../../scripts/lib/vscodeInstallation.mjs";
import { installExtension, quietSettings, startVscodeServer } from "../../../scripts/lib/vscodeServer.mjs";
import { defaultDeadline } from "./Screen";

export interface VscodeWindowOptions {
  /** The folder that is opened, or a .code-workspace file that names several: an absolute path. */
  readonly folder: string;
  /** The extension under test: packaged, installed as a user would, or a folder, loaded from source. */
  readonly extension: { readonly vsix: string } | { readonly developmentPath: string };
  /** What VS Code and the extension see beside this process's environment; undefined unsets. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** User settings beside those that keep the window quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** False: the folder is opened in restricted mode until `trustWorkspace()`. */
  readonly trusted?: boolean;
}

/** A browser with VS Code in it, and what is to be given back in the end. */
export interface OpenedPage {
  readonly page: Page;
  readonly serverDataDir: string;
  readonly release: () => Promise<void>;
}

/** Starts VS Code's server with the extension, and a browser on it. */
export async function openPage(options: VscodeWindowOptions): Promise<OpenedPage> {
  const releases: (() => Promise<void>)[] = [];
  const release = async (): Promise<void> => {
    const next = releases.pop();
    if (next === undefined) {
      return;
    }
    try {
      await next();
    } finally {
      await release();
    }
  };
  try {
    return { ...(await open(options, releases)), release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function open(
  { folder, extension, env = {}, settings = {}, trusted = true }: VscodeWindowOptions,
  releases: (() => Promise<void>)[],
): Promise<Omit<OpenedPage, "release">> {
  const installation = await ensureVscodeServer({ log: report });
  const browserProgram = await ensureChromium({ log: report });
  if ("reason" in browserProgram) {
    throw new Error(browserProgram.reason);
  }

  const temporary = await mkdtemp(path.join(tmpdir(), "slipway-vscode-"));
  releases.push(() => rm(temporary, { recursive: true, force: true, maxRetries: 5 }));
  const extensionsDir = path.join(temporary, "extensions");
  const serverDataDir = path.join(temporary, "server");
  if ("vsix" in extension) {
    await installExtension({ installation, vsix: extension.vsix, extensionsDir, serverDataDir });
  } else {
    // What a new extensions folder holds counts as installed. VS Code's own flag for a folder needs the smoke-test
    // driver, which keeps notifications from being shown.
    await mkdir(extensionsDir);
    await symlink(path.resolve(extension.developmentPath), path.join(extensionsDir, "under-test"));
  }

  const server = await startVscodeServer({
    installation,
    extensionsDir,
    serverDataDir,
    workspaceTrust: !trusted,
    // Only text that is drawn as such can be read.
    settings: { ...quietSettings, "terminal.integrated.gpuAcceleration": "off", ...settings },
    env,
  });
  releases.push(() => server.stop());
  const browser = await chromium.launch({ executablePath: browserProgram.path, args: [...chromiumArguments] });
  releases.push(() => browser.close());

  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(defaultDeadline);
  const url = new URL(server.url);
  url.searchParams.set(folder.endsWith(".code-workspace") ? "workspace" : "folder", folder);
  await page.goto(url.href);
  return { page, serverDataDir };
}

function report(message: string): void {
  process.stderr.write(`${message}\n`);
}
